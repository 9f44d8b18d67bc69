// A test suite in JavaScript: starts our provider, adds a user by the control API,
// signs in as a browser would, and stops it. It is told the command to start.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import * as oidc from 'openid-client'

const REDIRECT_URI = 'http://localhost:3000/callback'
const OPTIONS = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] }
const { command } = JSON.parse(process.argv[2])

// As much of one as the two forms need; it stops at the client's own address.
class Browser {
  #cookies = {}
  #page

  async open(url, form) {
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: { Cookie: this.#cookieHeader(), Accept: 'text/html' },
      redirect: 'manual',
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/)
      this.#cookies[name] = value
    }
    const location = answer.headers.get('Location')
    if (!location) return (this.#page = { url, text: await answer.text() })
    const there = new URL(location, url)
    return `${there}`.startsWith(REDIRECT_URI) ? there : this.open(there)
  }

  submit(values) {
    const [, token] = this.#page.text.match(/name="csrf_token" value="([^"]*)"/)
    return this.open(this.#page.url, { csrf_token: token, ...values })
  }

  #cookieHeader() {
    return Object.entries(this.#cookies).map((pair) => pair.join('=')).join('; ')
  }
}

const provider = spawn(command[0], command.slice(1), {
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.on('exit', () => provider.kill())
const lines = createInterface({ input: provider.stdout })
const ready = JSON.parse((await once(lines, 'line'))[0])

await order('users', { sub: 'carol', password: 'sesame', claims: { email: 'c@d.example' } })
const client = await order('clients', { redirect_uris: [REDIRECT_URI] })
const claims = await signIn(client, 'carol', 'sesame')
await order('clock', { advance: 3600 })
const seen = await (await fetch(`${ready.control}/requests?path=/token`)).json()

provider.kill('SIGTERM')
const [code] = await once(provider, 'exit')
console.log(JSON.stringify({ ready, claims, seen: seen.requests.length, code }))

async function order(path, body) {
  const answer = await fetch(`${ready.control}/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

async function signIn({ client_id, client_secret }, username, password) {
  const auth = oidc.ClientSecretBasic(client_secret)
  const server = new URL(ready.issuer)
  const config = await oidc.discovery(server, client_id, undefined, auth, OPTIONS)
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const expectedState = oidc.randomState()
  const login = oidc.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid email',
    state: expectedState,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const browser = new Browser()
  await browser.open(login)
  await browser.submit({ username, password })
  const callback = await browser.submit({ decision: 'allow' })
  const checks = { pkceCodeVerifier, expectedState }
  const tokens = await oidc.authorizationCodeGrant(config, callback, checks)
  const { sub } = tokens.claims()
  return oidc.fetchUserInfo(config, tokens.access_token, sub)
}
