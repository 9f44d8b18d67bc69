// The package oauth4webapi as a relying party; see talk.mjs for how to ask it.

import * as oauth from 'oauth4webapi'

import { answerWith } from './talk.mjs'

const AUTHENTICATION = {
  client_secret_basic: oauth.ClientSecretBasic,
  client_secret_post: oauth.ClientSecretPost,
  none: oauth.None,
}
const HTTP = { [oauth.allowInsecureRequests]: true }

let as
let client
let auth
let asked

await answerWith({
  async discover({ issuer, client: registered }) {
    await find(issuer)
    become(registered)
    return as
  },

  async register({ issuer, metadata, token: initialAccessToken }) {
    await find(issuer)
    const options = { ...HTTP, initialAccessToken }
    const response = await oauth.dynamicClientRegistrationRequest(as, metadata, options)
    become(await oauth.processDynamicClientRegistrationResponse(response))
    return client
  },

  async authorize({ pushed, parameters }) {
    const verifier = oauth.generateRandomCodeVerifier()
    const request = {
      ...parameters,
      client_id: client.client_id,
      response_type: 'code',
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }
    asked = { ...request, verifier }
    return authorizationUrl(pushed ? await push(request) : request)
  },

  async finish({ callback }) {
    const answer = oauth.validateAuthResponse(as, client, new URL(callback), asked.state)
    const response = await oauth.authorizationCodeGrantRequest(
      as, client, auth, answer, asked.redirect_uri, asked.verifier, HTTP,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: asked.nonce,
      maxAge: asked.max_age,
      requireIdToken: true,
    })
    return told(tokens, response)
  },

  async refresh({ refresh_token }) {
    const response = await oauth.refreshTokenGrantRequest(
      as, client, auth, refresh_token, HTTP,
    )
    return told(await oauth.processRefreshTokenResponse(as, client, response), response)
  },

  async client_credentials({ scope }) {
    const response = await oauth.clientCredentialsGrantRequest(
      as, client, auth, { scope }, HTTP,
    )
    return oauth.processClientCredentialsResponse(as, client, response)
  },

  async introspect({ token }) {
    const response = await oauth.introspectionRequest(as, client, auth, token, HTTP)
    return oauth.processIntrospectionResponse(as, client, response)
  },

  async revoke({ token }) {
    const response = await oauth.revocationRequest(as, client, auth, token, HTTP)
    return oauth.processRevocationResponse(response)
  },

  async userinfo({ access_token, sub }) {
    const response = await oauth.userInfoRequest(as, client, access_token, HTTP)
    return oauth.processUserInfoResponse(as, client, sub, response)
  },

  // As the API that the access token is for.
  async read({ access_token, audience }) {
    const headers = { authorization: `Bearer ${access_token}` }
    const request = new Request('http://localhost/api', { headers })
    return oauth.validateJwtAccessToken(as, request, audience, HTTP)
  },
})

async function find(issuer) {
  const url = new URL(issuer)
  const response = await oauth.discoveryRequest(url, HTTP)
  as = await oauth.processDiscoveryResponse(url, response)
}

function become(registered) {
  client = registered
  auth = AUTHENTICATION[client.token_endpoint_auth_method](client.client_secret)
}

async function push(request) {
  const response = await oauth.pushedAuthorizationRequest(as, client, auth, request, HTTP)
  const pushed = await oauth.processPushedAuthorizationResponse(as, client, response)
  return { client_id: client.client_id, request_uri: pushed.request_uri }
}

function authorizationUrl(parameters) {
  return `${as.authorization_endpoint}?${new URLSearchParams(parameters)}`
}

// Its own checks of an id_token leave the signature out, since TLS would vouch for it.
async function told(tokens, response) {
  await oauth.validateApplicationLevelSignature(as, response, HTTP)
  return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) }
}
