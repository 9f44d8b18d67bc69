// A client library that answers questions, a line of JSON each, until stdin ends:
//
//   {"do": "refresh", "refresh_token": "…"}  →  {"answer": …} or {"refused": {…}}

import { createInterface } from 'node:readline'

export async function answerWith(acts) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...told } = JSON.parse(line)
    console.log(JSON.stringify(await outcome(acts[name], told)))
  }
}

async function outcome(act, told) {
  try {
    return { answer: (await act(told)) ?? null }
  } catch (error) {
    return { refused: report(error) }
  }
}

// What a program that uses the library could tell apart.
function report({ name, message, code, status, error, cause }) {
  const why = cause instanceof Error ? cause.message : cause
  return { name, message, code, status, error, cause: why }
}
