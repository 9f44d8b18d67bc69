// A site that signs its visitors in by the package openid-client, as its README shows.
//
//   node openid_client_site.mjs '{"issuer": "…", "client": {…}, "port": 0}'
//
// With "signatures": true it checks the signatures of id_tokens, which by default it
// trusts TLS to make unnecessary. Prints {"url": "…"} when it is ready.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

import * as oidc from 'openid-client'

const { issuer, client, port = 0, signatures = false } = JSON.parse(process.argv[2])
const execute = [oidc.allowInsecureRequests]
if (signatures) execute.push(oidc.enableNonRepudiationChecks)
const config = await oidc.discovery(
  new URL(issuer), client.client_id, undefined,
  oidc.ClientSecretBasic(client.client_secret), { execute },
)

const asked = new Map()
const users = new Map()
const server = createServer((req, res) => {
  answer(req, res).catch((error) => res.writeHead(403).end(error.code ?? 'refused'))
})
server.listen(port, 'localhost')
await once(server, 'listening')
const url = `http://localhost:${server.address().port}`
console.log(JSON.stringify({ url }))

async function answer(req, res) {
  const here = new URL(req.url, url)
  const browser = /browser=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1]
  if (here.pathname === '/login') return login(res)
  if (here.pathname === '/callback') return callback(here, browser, res)
  const user = users.get(browser)
  res.writeHead(user ? 200 : 401).end(user ?? 'nobody')
}

async function login(res) {
  const browser = randomUUID()
  const checks = {
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
  }
  asked.set(browser, checks)
  const question = oidc.buildAuthorizationUrl(config, {
    redirect_uri: `${url}/callback`,
    scope: 'openid profile',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const cookie = `browser=${browser}; Path=/; HttpOnly; SameSite=Lax`
  res.writeHead(302, { location: question.href, 'set-cookie': cookie }).end()
}

async function callback(here, browser, res) {
  const checks = asked.get(browser)
  asked.delete(browser)
  if (!checks) throw new Error('no login of this browser')
  const tokens = await oidc.authorizationCodeGrant(
    config, here, { ...checks, idTokenExpected: true },
  )
  const { sub } = tokens.claims()
  await oidc.fetchUserInfo(config, tokens.access_token, sub)
  users.set(browser, sub)
  res.writeHead(303, { location: '/' }).end()
}
