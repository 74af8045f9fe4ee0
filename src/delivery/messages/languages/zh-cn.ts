// Chinese, in simplified characters.

import type { Words } from '../words.ts'

export const zhCn: Words = {
  tag: 'zh-CN',
  direction: 'ltr',
  sms: (code, product) => `${code} 是您的 ${product} 验证码。请勿告诉任何人。`,
  voice: {
    pause: '，',
    prompt: product => `要收听您的 ${product} 验证码，请按任意键。`,
    say: (digits, product) => `您的 ${product} 验证码是：${digits}。再说一遍：${digits}。请勿告诉任何人。`,
  },
  mails: {
    pin_set: {
      subject: '两步验证已开启',
      happened: '此号码现已受 PIN 码保护。要注册此号码，必须知道 PIN 码。',
    },
    pin_changed: { subject: 'PIN 码已更改', happened: '保护此号码的 PIN 码已更改。' },
    pin_removed: {
      subject: '两步验证已关闭',
      happened: '此号码不再有 PIN 码。任何能读到发送到此号码的验证码的人都可以注册此号码。',
    },
    registration_contested: {
      subject: '有人正在尝试注册您的号码',
      happened: '有人输入了发送到此号码的验证码，但没有输入 PIN 码。此号码仍受 PIN 码保护。',
    },
    registration_taken_over: {
      subject: '您的号码已在别处注册',
      happened: '此号码已被他人注册。您的注册已失效。',
    },
    recovery_address_changed: {
      subject: '恢复邮箱已更改',
      happened: '此邮箱地址不再是此号码的恢复邮箱。',
    },
    recovery_link: {
      subject: '关闭两步验证',
      happened: '您因忘记 PIN 码而请求关闭两步验证。请打开此页面并确认。',
      action: '关闭两步验证',
    },
    turn_off_link: {
      subject: '请确认关闭两步验证',
      happened: '此商业账号的一位管理人员请求关闭此号码的两步验证。请打开此页面并确认。',
      action: '关闭两步验证',
    },
    recovery_confirmation: {
      subject: '确认您的恢复邮箱',
      happened: '此邮箱已被填写为此号码的恢复邮箱。请打开此页面，确认该邮箱属于您。',
      action: '确认邮箱',
    },
  },
  facts: { number: '号码', when: '时间', door: '途径' },
  doors: {
    rest: '应用程序',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: '管理页面',
    mail: '邮件中的链接',
    sandbox: '测试环境',
    operator: '服务运营方',
  },
  notYou: '不是您本人操作？请立即设置新的 PIN 码，并向您的移动运营商查询您的 SIM 卡是否被更换。',
  notAsked: '不是您提出的请求？请不要进行任何操作，也不要转发此链接。可能有人能读到发送到您号码的验证码。',
  notMe: '不是我本人操作',
  linkTerms: '此链接仅可使用一次，24 小时内有效。它不会让任何人登录。',
}
