"""One address for several replicas: `python -m bench.balance PORT REPLICA...`

Each connection goes to the next replica that takes it; whatever then becomes of that
one is for the two ends to see, as it is with any balancer of connections.
"""

import asyncio
import sys
from collections.abc import Sequence

#: Bytes read at once.
_SOME = 65536


class Balancer:
    """Gives connections to replicas in turn."""

    def __init__(self, replicas: Sequence[int]) -> None:
        self._replicas = list(replicas)

    async def serve(self, port: int) -> None:
        """Listen on `port` until the process ends."""
        listening = await asyncio.start_server(
            self._join, "127.0.0.1", port, backlog=512
        )
        print(f"balancing on port {port}", flush=True)
        await listening.serve_forever()

    async def _join(
        self, theirs: asyncio.StreamReader, to_them: asyncio.StreamWriter
    ) -> None:
        for _ in self._replicas:
            self._replicas.append(self._replicas.pop(0))
            try:
                ours, to_us = await asyncio.open_connection(
                    "127.0.0.1", self._replicas[-1]
                )
            except OSError:
                continue
            await asyncio.gather(_carry(theirs, to_us), _carry(ours, to_them))
            return
        to_them.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either end is gone; then the other one is told."""
    try:
        while piece := await reader.read(_SOME):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    writer.close()


if __name__ == "__main__":
    chosen = [int(one) for one in sys.argv[1:]]
    asyncio.run(Balancer(chosen[1:]).serve(chosen[0]))
