// What the package offers. Everything else in this folder is its own affair.

export type { Account } from './account.ts'
export type {
  AccountExport,
  AccountState,
  ActivityPage,
  AddressesState,
  AppPassword,
  FreshProofs,
  Happening,
  KnownBrowser,
  SeenGate,
} from './account-answers.ts'
export type {
  AccountTwoStep,
  AccountTwoStepState,
  AccountWarning,
  Devices,
  NewDevice,
  NewDeviceSent,
  PushTarget,
  RecoveryKey,
  SecurityQuestion,
  SecurityQuestionsState,
  ShownRecoveryKey,
  TrustedDevice,
  TrustedDevices,
} from './account-two-step.ts'
export { ConnectionError, type ConnectionTrouble } from './connection-error.ts'
export type { Device, DeviceCredentials, DeviceNotification, DeviceState } from './device.ts'
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
  DeviceKind,
  DeviceResult,
  LockNotice,
  OpenKind,
  OpenResult,
  OperatorKind,
  OperatorResult,
  Problem,
  ProblemBase,
  ProblemMembers,
  ProofNeeded,
  Result,
  SessionKind,
  SessionResult,
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
export { Secret, type SecretText } from './secret.ts'
export type { ClientConfig } from './settings.ts'
export type {
  Begun,
  BegunReset,
  BrowserSaid,
  CodeDevice,
  CodeSent,
  OpenedSession,
  Origin,
  PasswordResets,
  ResetDone,
  ResetState,
  SecondStepNeeded,
  Session,
  SignedIn,
  SignInState,
  SignIns,
  SignUps,
} from './sign-ins.ts'
export {
  type OutboxMessage,
  type Sandbox,
  Twostep,
  type TwostepConfig,
  type Webhook,
  type WebhookState,
} from './twostep.ts'
export type {
  AppPasswordCheck,
  AppPasswordChecks,
  Assertion,
  DefinedGate,
  From,
  GateRule,
  Gates,
  SecondStepOfUser,
  SignedInUser,
  User,
  Users,
  UsersPage,
} from './users.ts'
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
