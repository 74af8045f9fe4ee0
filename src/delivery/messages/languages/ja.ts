// Japanese.

import type { Words } from '../words.ts'

export const ja: Words = {
  tag: 'ja',
  direction: 'ltr',
  sms: (code, product) => `${code} は${product}のコードです。誰にも教えないでください。`,
  voice: {
    pause: '、',
    prompt: product => `${product}のコードをお聞きになるには、いずれかのキーを押してください。`,
    say: (digits, product) =>
      `${product}のコードは、${digits}、です。もう一度お伝えします。${digits}、です。誰にも教えないでください。`,
  },
  mails: {
    pin_set: {
      subject: '2段階認証がオンになりました',
      happened: 'この番号はPINで保護されるようになりました。番号を登録するにはPINが必要です。',
    },
    pin_changed: { subject: 'PINが変更されました', happened: 'この番号を保護するPINが変更されました。' },
    pin_removed: {
      subject: '2段階認証がオフになりました',
      happened: 'この番号にはPINがなくなりました。番号に届くコードを読める人なら誰でも、この番号を登録できます。',
    },
    registration_contested: {
      subject: '誰かがあなたの番号を登録しようとしています',
      happened:
        '誰かがこの番号に届いたコードを入力しましたが、PINは入力していません。番号は引き続きPINで保護されています。',
    },
    registration_taken_over: {
      subject: 'あなたの番号が別の場所で登録されました',
      happened: 'この番号はほかの人によって登録されました。あなたの登録は終了しました。',
    },
    recovery_address_changed: {
      subject: '再設定用メールアドレスが変更されました',
      happened: 'このメールアドレスは、この番号の再設定用アドレスではなくなりました。',
    },
    recovery_link: {
      subject: '2段階認証をオフにする',
      happened: 'PINを忘れたため、2段階認証をオフにするよう依頼がありました。このページを開いて確認してください。',
      action: '2段階認証をオフにする',
    },
    turn_off_link: {
      subject: '2段階認証をオフにすることの確認',
      happened:
        'このビジネスアカウントの管理者が、この番号の2段階認証をオフにするよう依頼しました。このページを開いて確認してください。',
      action: '2段階認証をオフにする',
    },
    recovery_confirmation: {
      subject: '再設定用メールアドレスの確認',
      happened:
        'このアドレスが、この番号の再設定用アドレスとして入力されました。このページを開いて、ご自身のアドレスであることを確認してください。',
      action: 'アドレスを確認する',
    },
  },
  facts: { number: '番号', when: '日時', door: '経路' },
  doors: {
    rest: 'アプリ',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: '管理ページ',
    mail: 'メール内のリンク',
    sandbox: 'テスト環境',
    operator: 'サービス運営者',
  },
  notYou:
    'お心当たりがありませんか。すぐに新しいPINを設定し、SIMカードが交換されていないか携帯電話会社に確認してください。',
  notAsked:
    'お心当たりがない場合は、何もせず、リンクを誰にも渡さないでください。あなたの番号に届くコードを誰かが読める状態かもしれません。',
  notMe: '私ではありません',
  linkTerms: 'リンクは1回限り、24時間有効です。このリンクで誰かがログインすることはありません。',
}
