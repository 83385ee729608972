#!/bin/sh
# /etc/letsencrypt/renewal-hooks/deploy/postern.sh, executable: certbot runs it with RENEWED_LINEAGE after each renewal. Run it
# once by hand for the certificate that is there already:
#   RENEWED_LINEAGE=/etc/letsencrypt/live/mail.example.com sh postern.sh
#
# It copies the chain and the key to where Postern's user may read them, the key before the chain, and tells Postern to read
# them. A pair that does not fit, because only one was copied yet, changes nothing for those who connect meanwhile.
set -eu

TARGET=${POSTERN_TLS_FOLDER:-/etc/postern}
GROUP=${POSTERN_TLS_GROUP:-postern-tls}
# Other certificates of this machine are none of Postern's.
NAME=${POSTERN_TLS_NAME:-mail.example.com}

if [ "$(basename "$RENEWED_LINEAGE")" != "$NAME" ]; then
    exit 0
fi
install -d -m 750 -g "$GROUP" "$TARGET"
for pair in privkey.pem:key.pem fullchain.pem:chain.pem; do
    # Beside its place first, so that Postern never reads half a file.
    install -m 640 -g "$GROUP" "$RENEWED_LINEAGE/${pair%%:*}" "$TARGET/.new"
    mv "$TARGET/.new" "$TARGET/${pair##*:}"
done
${POSTERN_TLS_RELOAD:-systemctl try-reload-or-restart postern.service}
