// Indonesian.

import type { Words } from '../words.ts'

export const id: Words = {
  tag: 'id',
  direction: 'ltr',
  sms: (code, product) => `${code} adalah kode ${product} Anda. Jangan berikan kepada siapa pun.`,
  voice: {
    pause: ', ',
    prompt: product => `Untuk mendengar kode ${product} Anda, tekan tombol apa saja.`,
    say: (digits, product) =>
      `Kode ${product} Anda adalah: ${digits}. Sekali lagi: ${digits}. Jangan berikan kepada siapa pun.`,
  },
  mails: {
    pin_set: {
      subject: 'Verifikasi dua langkah diaktifkan',
      happened: 'Sekarang nomor ini dilindungi PIN. Siapa pun yang ingin mendaftarkan nomor ini harus mengetahuinya.',
    },
    pin_changed: { subject: 'PIN telah diubah', happened: 'PIN yang melindungi nomor ini telah diubah.' },
    pin_removed: {
      subject: 'Verifikasi dua langkah dinonaktifkan',
      happened:
        'Nomor ini tidak lagi memiliki PIN. Siapa pun yang dapat membaca kode yang dikirim ke nomor ini dapat mendaftarkannya.',
    },
    registration_contested: {
      subject: 'Seseorang mencoba mendaftarkan nomor Anda',
      happened:
        'Seseorang memasukkan kode yang dikirim ke nomor ini, tetapi tidak memasukkan PIN. Nomor ini masih dilindungi PIN.',
    },
    registration_taken_over: {
      subject: 'Nomor Anda telah didaftarkan di tempat lain',
      happened: 'Nomor ini telah didaftarkan oleh orang lain. Pendaftaran Anda telah berakhir.',
    },
    recovery_address_changed: {
      subject: 'Alamat pemulihan telah diubah',
      happened: 'Alamat email ini bukan lagi alamat pemulihan untuk nomor ini.',
    },
    recovery_link: {
      subject: 'Nonaktifkan verifikasi dua langkah',
      happened:
        'Anda meminta verifikasi dua langkah dinonaktifkan karena lupa PIN. Buka halaman ini dan konfirmasikan.',
      action: 'Nonaktifkan verifikasi dua langkah',
    },
    turn_off_link: {
      subject: 'Konfirmasikan penonaktifan verifikasi dua langkah',
      happened:
        'Seseorang yang mengelola akun bisnis ini meminta verifikasi dua langkah untuk nomor ini dinonaktifkan. Buka halaman ini dan konfirmasikan.',
      action: 'Nonaktifkan verifikasi dua langkah',
    },
    recovery_confirmation: {
      subject: 'Konfirmasikan alamat pemulihan Anda',
      happened:
        'Alamat ini diberikan sebagai alamat pemulihan untuk nomor ini. Buka halaman ini dan konfirmasikan bahwa alamat ini milik Anda.',
      action: 'Konfirmasikan alamat',
    },
  },
  facts: { number: 'Nomor', when: 'Kapan', door: 'Di mana' },
  doors: {
    rest: 'sebuah aplikasi',
    graph: 'Graph API',
    'on-premises': 'On-Premises API',
    manager: 'halaman pengelola',
    mail: 'tautan dalam email',
    sandbox: 'lingkungan uji coba',
    operator: 'pengelola layanan',
  },
  notYou:
    'Bukan Anda? Segera bertindak: buat PIN baru, dan tanyakan kepada operator seluler Anda apakah kartu SIM Anda telah diganti.',
  notAsked:
    'Anda tidak meminta ini? Jangan lakukan apa pun dan jangan teruskan tautan ini. Mungkin ada orang yang dapat membaca kode yang dikirim ke nomor Anda.',
  notMe: 'Ini bukan saya',
  linkTerms: 'Tautan ini hanya berlaku satu kali dan selama 24 jam. Tautan ini tidak membuat siapa pun masuk ke akun.',
}
