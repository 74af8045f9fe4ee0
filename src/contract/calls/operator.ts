// The operator's calls: businesses, tokens, applications, upkeep.

import * as contract from '../operator.ts'
import * as upkeep from '../upkeep.ts'
import type { Call, Group } from './call.ts'

const by = 'operator'

const calls: readonly Call[] = [
  {
    ...{ method: 'POST', path: '/operator/businesses', id: 'createBusiness', by },
    says: 'Makes a business account',
    takes: contract.createBusinessRequest,
    answers: { 201: contract.createBusinessAnswer },
  },
  {
    ...{ method: 'POST', path: '/operator/businesses/{id}/access-tokens', id: 'issueAccessToken', by },
    says: 'Issues an access token for the Graph door, told once',
    takes: contract.issueAccessTokenRequest,
    answers: { 201: contract.issueAccessTokenAnswer },
    refuses: ['no_such_business', 'too_many_tokens'],
  },
  {
    ...{ method: 'DELETE', path: '/operator/businesses/{id}/access-tokens', id: 'revokeAccessTokens', by },
    says: 'Revokes one access token, or all',
    takes: contract.revokeAccessTokensRequest,
    answers: { 200: contract.revokeAccessTokensAnswer },
    refuses: ['no_such_business', 'no_such_token'],
  },
  {
    ...{ method: 'POST', path: '/operator/businesses/{id}/admins', id: 'inviteAdmin', by },
    says: 'Invites somebody to the manager pages',
    takes: contract.inviteAdminRequest,
    answers: { 201: contract.inviteAdminAnswer },
    refuses: ['no_such_business', 'too_many_businesses'],
  },
  {
    ...{ method: 'DELETE', path: '/operator/businesses/{id}/admins', id: 'removeAdmin', by },
    says: 'Takes the business away from somebody, at once',
    takes: contract.removeAdminRequest,
    answers: { 204: 'nothing' },
    refuses: ['no_such_business', 'no_such_admin'],
  },
  {
    ...{ method: 'POST', path: '/operator/businesses/{id}/app-secret', id: 'makeAppSecret', by },
    says: "Makes the secret that signs the business's webhooks, told once",
    answers: { 201: upkeep.appSecretAnswer },
    refuses: ['no_such_business'],
  },
  {
    ...{ method: 'POST', path: '/operator/businesses/{id}/on-premises', id: 'installOnPremises', by },
    says: 'Makes the On-Premises client of a business',
    answers: { 201: upkeep.onPremisesAnswer },
    refuses: ['no_such_business', 'installed_already', 'overloaded'],
  },
  {
    ...{ method: 'POST', path: '/operator/applications', id: 'createApplication', by },
    says: 'Makes an application and its API key, told once',
    takes: contract.createApplicationRequest,
    answers: { 201: contract.createApplicationAnswer },
  },
  {
    ...{ method: 'GET', path: '/operator/dead-letters', id: 'listDeadLetters', by },
    says: 'Messages that did not leave, newest first, a hundred at a time',
    query: upkeep.deadLettersRequest,
    answers: { 200: upkeep.deadLettersAnswer },
  },
  {
    ...{ method: 'POST', path: '/operator/dead-letters/{id}/sending', id: 'sendDeadLetter', by },
    says: 'Sends one again, if what is in it is still good',
    answers: { 202: upkeep.sentAgainAnswer },
    refuses: ['no_such_letter', 'already_sent_again', 'replaced', 'too_late'],
  },
  {
    ...{ method: 'GET', path: '/operator/sending', id: 'getSending', by },
    says: 'What codes to phones are paused for, why and until when, and what was spent',
    answers: { 200: upkeep.sendingAnswer },
  },
  {
    ...{ method: 'POST', path: '/operator/sending/pauses', id: 'pauseCodes', by },
    says: 'Pauses codes to a country, to a prefix, or to all phones',
    takes: contract.pauseCodesRequest,
    answers: { 200: upkeep.pausedAnswer },
  },
  {
    ...{ method: 'DELETE', path: '/operator/sending/pauses', id: 'releaseCodes', by },
    says: 'Goes on sending',
    takes: contract.releaseCodesRequest,
    answers: { 204: 'nothing' },
  },
  {
    ...{ method: 'GET', path: '/operator/keys/rotation', id: 'getKeyRotation', by },
    says: 'How far a rotation of the keys is',
    answers: { 200: upkeep.keyRotationAnswer },
  },
  {
    ...{ method: 'POST', path: '/operator/keys/rotation', id: 'rotateKeys', by },
    says: 'Begins a rotation, or goes on with one',
    answers: { 202: upkeep.keyRotationAnswer },
  },
]

export const operatorGroups: readonly Group[] = [
  { name: 'Operator', says: 'For whoever runs the server: businesses, tokens, applications, upkeep.', calls },
]
