// An oidc-provider that believes everybody: any login name is a user.
//
//   node provider.mjs '{"clients": [client metadata, …], "port": 0}'
//
// Prints one line when it is ready, {"issuer": "…"}, and runs until it is stopped.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

import Provider from 'oidc-provider'

console.info = console.error // stdout is for the ready line

const { clients, port = 0 } = JSON.parse(process.argv[2])

const server = createServer()
// Another host than the app's, so that neither gets the other's cookies.
server.listen(port, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`

const provider = new Provider(issuer, {
  clients,
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  cookies: { keys: [randomUUID()] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true, logoutSource: askToSignOut },
  },
  fetch: fetchFromThisMachine,
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: `${sub} Elsewhere`, email: `${sub}@example.com` }),
  }),
  jwks: { keys: [newSigningKey()] },
  pkce: { required: () => true },
})

provider.on('server_error', (_ctx, error) => console.error(error))
provider.on('backchannel.error', (_ctx, error) => console.error(error))

const answer = provider.callback()
server.on('request', (req, res) => {
  if (!req.url.startsWith('/interaction/')) return answer(req, res)
  interact(req, res).catch((error) => {
    console.error(error)
    res.writeHead(400).end(error.message)
  })
})
console.log(JSON.stringify({ issuer }))

function newSigningKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ format: 'jwk' })
}

// It refuses to call this machine; here the relying party is nowhere else.
function fetchFromThisMachine(url, { dispatcher, ...options }) {
  return fetch(url, options)
}

function askToSignOut(ctx, form) {
  const button = '<button name="logout" value="yes">Sign out</button>'
  ctx.body = form.replace('</form>', `${button}</form>`)
}

// Who are you, and then: may the client know?
async function interact(req, res) {
  const asked = await provider.interactionDetails(req, res)
  if (req.method !== 'POST') {
    res.writeHead(200, { 'content-type': 'text/html' }).end(question(asked.prompt.name))
    return
  }
  const form = new URLSearchParams(await text(req))
  await provider.interactionFinished(req, res, await decided(asked, form))
}

function question(prompt) {
  const field = prompt === 'login' ? '<input name="login">' : ''
  return `<form method="post">${field}
    <button name="decision" value="allow">Allow</button>
    <button name="decision" value="deny">Deny</button></form>`
}

async function decided({ prompt, session, params }, form) {
  if (form.get('decision') === 'deny') return { error: 'access_denied' }
  if (prompt.name === 'login') return { login: { accountId: form.get('login') } }
  const grant = new provider.Grant({
    accountId: session.accountId,
    clientId: params.client_id,
  })
  grant.addOIDCScope(params.scope)
  return { consent: { grantId: await grant.save() } }
}
