// GitHub's own libraries sign a body, and judge signatures of it.
//
//   node webhooks.mjs '{"secret": "…", "body": "…", "signatures": ["sha256=…", …]}'
//
// Prints {"signed": […], "believed": [[…], …]}: what each library makes of the body,
// and for each signature whether each library believes it.

import { Webhooks } from '@octokit/webhooks'
import * as methods from '@octokit/webhooks-methods'

const { secret, body, signatures } = JSON.parse(process.argv[2])
const webhooks = new Webhooks({ secret })

const signed = [await methods.sign(secret, body), await webhooks.sign(body)]
const believed = []
for (const signature of signatures) {
  believed.push([
    await methods.verify(secret, body, signature),
    await webhooks.verify(body, signature),
  ])
}
console.log(JSON.stringify({ signed, believed }))
