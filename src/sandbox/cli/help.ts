/** Default port of a sandbox, and default address of the commands. */
export const DEFAULT_PORT = 4080;
export const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_PORT}`;

export const HELP = `medusa-payment-seqr: a SEQR service on your own machine, with a phone

Start one:
  medusa-payment-seqr sandbox [options]
    --port <n>                 port to listen on; 0 takes any free one (${DEFAULT_PORT})
    --host <address>           address to listen on (127.0.0.1); 0.0.0.0 allows other machines
    --state <file>             keep the state in a file, so that it survives a restart
    --clock real|turnable      turnable: time stands still until "clock advance" (real)
    --terminal <id:password:currency>   one more terminal of the public test shop; may be repeated
    --reseller <id:password:currency>   one more shop, user 9900; may be repeated
    --qr-host <url>|self       start of the text in QR codes (HTTP://SEQR.SE);
                               self: the code opens the phone page of this sandbox
    --reversal-after <s>       reverse an unacknowledged payment after (20)
    --expire-after <s>         expire unpaid invoices after (never)
    --commit-timeout <s>       let reservations lapse after, when the invoice does not say (never)
    --notification-body form|four-field|empty   (form)
    --notification-on <list>   of PAID,CANCELED,RESERVED,FAILED,EXPIRED (PAID)
    --refunds allowed|forbidden-to-shop|forbidden-by-account   (allowed)
    --refund-rows              list refunds in detailed reports, below zero
    --refund-totals            sum refunds up in summaries, in fields of their own
    --late-update-code 90|48   answer to an updateInvoice that comes too late (90)
    --emulate 2.4|2.9|2.10     version of SEQR's interface (2.10)
    --strict                   require every documented rule of requests

Be the shopper (reference, text or link of the QR code):
  medusa-payment-seqr scan <reference>
  medusa-payment-seqr pay <reference> [--pin 1234]     PIN 0000 is declined by the bank
  medusa-payment-seqr begin-pay <reference>            start the payment without finishing it
  medusa-payment-seqr finish-pay <reference> [--end paid|declined|aborted]
  medusa-payment-seqr decline <reference>
  medusa-payment-seqr cancel <reference>

List:
  medusa-payment-seqr invoices | payments | refunds | calls | notifications | sms | terminals | resellers | stats

Control:
  medusa-payment-seqr fault add <kind> [--operation <name>] [--times <n>] [--after <n>]
                                       [--ms <n>] [--result-code <n>]
      kinds of call faults: delay, lost-request, lost-answer, result-code, soap-fault,
                            garbage, cut-body, html, blocked, hang
      with --operation notification: lost, double, late
  medusa-payment-seqr fault list | fault clear
  medusa-payment-seqr clock [advance <seconds> | set <ISO time>]
  medusa-payment-seqr terminal add <id:password:currency> [--reseller <id>]
  medusa-payment-seqr reseller add <id:password:currency>
  medusa-payment-seqr reset                            delete all state

In the folder of your Medusa store:
  medusa-payment-seqr ready-region                     switch SEQR on in the regions of your currencies
  medusa-payment-seqr trial-purchase                   fill a cart in the running store and start its payment
  medusa-payment-seqr close-books [--terminal <name>]  close SEQR's period and compare its report; fails on a difference
  medusa-payment-seqr switch-off                       switch SEQR off in all regions, and list what is open

All commands for the sandbox but "sandbox" take --url <address> (${DEFAULT_URL}) and --json.
`;
