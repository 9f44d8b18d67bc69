// The package openid-client as a relying party; see talk.mjs for how to ask it.

import * as oidc from 'openid-client'

import { answerWith } from './talk.mjs'

const AUTHENTICATION = {
  client_secret_basic: oidc.ClientSecretBasic,
  client_secret_post: oidc.ClientSecretPost,
  none: oidc.None,
}
// Let it use plain http, and check signatures where it would trust TLS instead.
const OPTIONS = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] }

let config
let checks

await answerWith({
  async discover({ issuer, client }) {
    const auth = authentication(client)
    const server = new URL(issuer)
    config = await oidc.discovery(server, client.client_id, client, auth, OPTIONS)
    return config.serverMetadata()
  },

  async register({ issuer, metadata, token: initialAccessToken }) {
    const auth = authentication(metadata)
    const options = { ...OPTIONS, initialAccessToken }
    const server = new URL(issuer)
    config = await oidc.dynamicClientRegistration(server, metadata, auth, options)
    return config.clientMetadata()
  },

  async authorize({ pushed, parameters }) {
    checks = {
      expectedState: oidc.randomState(),
      expectedNonce: oidc.randomNonce(),
      maxAge: parameters.max_age,
      pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    }
    const request = {
      ...parameters,
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      code_challenge_method: 'S256',
    }
    if (pushed) return oidc.buildAuthorizationUrlWithPAR(config, request)
    return oidc.buildAuthorizationUrl(config, request)
  },

  async finish({ callback }) {
    return told(await oidc.authorizationCodeGrant(config, new URL(callback), checks))
  },

  async refresh({ refresh_token }) {
    return told(await oidc.refreshTokenGrant(config, refresh_token))
  },

  client_credentials: ({ scope }) => oidc.clientCredentialsGrant(config, { scope }),
  introspect: ({ token }) => oidc.tokenIntrospection(config, token),
  revoke: ({ token }) => oidc.tokenRevocation(config, token),
  userinfo: ({ access_token, sub }) => oidc.fetchUserInfo(config, access_token, sub),
  sign_out: ({ parameters }) => oidc.buildEndSessionUrl(config, parameters),
})

function authentication({ token_endpoint_auth_method: method }) {
  return AUTHENTICATION[method]()
}

function told(tokens) {
  return { ...tokens, claims: tokens.claims() }
}
