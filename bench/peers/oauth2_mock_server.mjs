// As its README starts it. Prints {"issuer": "…"} when it is ready.

import { OAuth2Server } from 'oauth2-mock-server'

const server = new OAuth2Server()
await server.issuer.keys.generate('RS256')
await server.start(0, '127.0.0.1')
console.log(JSON.stringify({ issuer: server.issuer.url }))
