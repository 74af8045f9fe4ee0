// What the package offers. Everything else in this folder is its own affair.

export { ConnectionError, type ConnectionTrouble } from './connection-error.ts'
export type { CallOptions } from './exchange.ts'
export type { WhatsAppResponse } from './graph.ts'
export type { Warning } from './machine.ts'
export type { AccessTokenPermission, KeyRotation, Operator } from './operator.ts'
export type {
  Known,
  ListPhoneNumbers,
  NameStatus,
  NewPhoneNumber,
  PhoneNumber,
  PhoneNumberField,
} from './phone-number.ts'
export { type WeakPin, weakPin } from './pin.ts'
export type {
  AnyCallKind,
  LockNotice,
  OperatorKind,
  OperatorResult,
  Problem,
  ProblemBase,
  ProblemMembers,
  Result,
} from './problem.ts'
export type {
  BeginRequest,
  CodeRequest,
  CompletedRegistration,
  CompleteRequest,
  Contest,
  RecoveryMail,
  RegistrationState,
  Registrations,
  Reminder,
  TwoStep,
  TwoStepState,
} from './registrations.ts'
export type { RestOptions } from './rest.ts'
export type { RetryAtFrom } from './retry-at.ts'
export type { ClientConfig } from './settings.ts'
export {
  type OutboxMessage,
  type Sandbox,
  Twostep,
  type TwostepConfig,
  type Webhook,
  type WebhookState,
} from './twostep.ts'
export {
  answerHandshake,
  type HandshakeAnswer,
  type ReadWebhook,
  readTwostepWebhook,
  readWhatsAppWebhook,
  type SecurityEvent,
  securityEvents,
  type TwostepWebhook,
  type WebhookBody,
  type WebhookHeaders,
  type WhatsAppWebhook,
} from './webhooks.ts'
export {
  type Messages,
  type PhoneNumbers,
  type RegisterRequest,
  type Registration,
  type SentMessage,
  type Success,
  type TwoStepVerification,
  WhatsApp,
  WhatsApp as default,
  type WhatsAppConfig,
} from './whatsapp.ts'
export {
  AccountLockedError,
  AuthenticationError,
  DeletedRecentlyError,
  GuessLimitError,
  InvalidParameterError,
  isWhatsAppError,
  NotRegisteredError,
  NotVerifiedError,
  OwnershipCodeError,
  PermissionError,
  PinMismatchError,
  RateLimitError,
  RegistrationLimitError,
  ServiceError,
  WhatsAppError,
  type WhatsAppRefusal,
} from './whatsapp-error.ts'
