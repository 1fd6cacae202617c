#!/bin/sh
# Install the mail servers that `python -m bench mail_accept` measures beside ours. Debian, as root.
# Nothing is started and no system-wide configuration is made: the measurement brings its own.
set -eu

guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$guard" # no service starts while packages are set up
    chmod 755 "$guard"
    trap 'rm -f "$guard"' EXIT
fi
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends \
    postfix dovecot-lmtpd dovecot-imapd dovecot-pop3d
