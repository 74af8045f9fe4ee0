// A sandbox for the tests of the manager pages, whose time stands still until it is moved, with people who look after it.

import assert from 'node:assert/strict'
import { addNumber, call, newestCode, operatorToken, type Settings, startSandbox } from '../faces/sandbox.ts'
import { stopTime } from '../still-time.ts'
import { visitor } from './visitor.ts'

export const password = 'seven quiet rivers'

export type Manager = Awaited<ReturnType<typeof openManager>>

export async function openManager(settings: Settings = {}, onLog: (line: string) => void = () => {}) {
  stopTime()
  const sandbox = await startSandbox(settings, { onLog })
  const { url } = sandbox
  let people = 0
  let numbers = 0

  const operate = async (method: string, path: string, body: unknown) => {
    const reply = await call(url, method, `/api/v1/operator/${path}`, { token: operatorToken, body })
    return { status: reply.status, body: reply.body }
  }

  async function business(name = 'Test Bakery'): Promise<{ readonly waba: string; readonly token: string }> {
    const made = await operate('POST', 'businesses', { name, email: 'owner@bakery.example' })
    const waba = String(made.body.id)
    const permissions = ['whatsapp_business_management', 'whatsapp_business_messaging']
    const issued = await operate('POST', `businesses/${waba}/access-tokens`, { permissions })
    return { waba, token: String(issued.body.access_token) }
  }

  /** Invites somebody; answers the path of their link. */
  async function invited(waba: string, email: string, role: 'admin' | 'member' = 'admin'): Promise<string> {
    const { status, body } = await operate('POST', `businesses/${waba}/admins`, { email, role })
    assert.equal(status, 201)
    return new URL(String(body.link)).pathname
  }

  /** Somebody who has chosen a password and not signed in yet. */
  async function admin(waba: string, role: 'admin' | 'member' = 'admin'): Promise<string> {
    people += 1
    const email = `person-${people}@bakery.example`
    const link = await invited(waba, email, role)
    const them = visitor(url)
    await them.get(link)
    const chosen = await them.post(link, { new: password, again: password })
    assert.equal(chosen.to, '/manager/sign-in?done=password_chosen', chosen.text)
    return email
  }

  /** Somebody who has signed in. */
  async function signedIn(waba: string, role: 'admin' | 'member' = 'admin', language?: string) {
    const email = await admin(waba, role)
    const them = visitor(url, language)
    assert.equal((await them.signIn(email, password)).status, 303)
    await them.get('/manager/password')
    return Object.assign(them, { email })
  }

  const newNational = (): string => {
    numbers += 1
    return `7700${String(900_000 + numbers)}`
  }

  /** A number that a business lists. */
  async function listed(of: { readonly waba: string; readonly token: string }, national = newNational()) {
    const id = await addNumber(url, of, national)
    const path = `/manager/numbers/${id}`
    return { id, path, number: `+44${national}`, national }
  }

  /** A number that a business holds, with this PIN or without. */
  async function held(of: { readonly waba: string; readonly token: string }, pin?: string, national?: string) {
    const phone = await listed(of, national)
    const graph = (edge: string, body: unknown) =>
      call(url, 'POST', `/v25.0/${phone.id}${edge}`, { token: of.token, body })
    await graph('/request_code', { code_method: 'SMS', language: 'en' })
    await graph('/verify_code', { code: await newestCode(url, phone.number) })
    const registered = await graph('/register', { messaging_product: 'whatsapp', pin: pin ?? '837465' })
    assert.equal(registered.status, 200, JSON.stringify(registered.body))
    return phone
  }

  /** What was mailed to an address, newest first. */
  async function mails(to: string): Promise<readonly { text: string; subject: string; link?: string }[]> {
    const { body } = await call(url, 'GET', `/sandbox/outbox?to=${encodeURIComponent(to)}`)
    return body.messages as readonly { text: string; subject: string; link?: string }[]
  }

  const visit = (language?: string) => visitor(url, language)
  return { ...sandbox, operate, business, invited, admin, signedIn, listed, held, mails, visit }
}
