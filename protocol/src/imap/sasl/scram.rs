//! SCRAM: the password is proved and never sent, and the server proves in return that it knows it. RFC 5802 for
//! SHA-1, RFC 7677 for SHA-256, RFC 9266 and RFC 5929 for what -PLUS binds the proof to.

use super::bearer::saslname;
use super::{Account, ChannelBinding, Credentials, Nonce, Sasl, SaslError, text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// One exchange.
pub(super) struct Scram {
    hash: Hash,
    binding: Binding,
    account: Account,
    nonce: Nonce,
    /// How many iterations are allowed.
    allowed: RangeInclusive<u32>,
    stage: Stage,
}

/// The hash that a mechanism is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

/// What is said of the TLS connection: RFC 5802 section 6.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Binding {
    /// Nothing is known of it here.
    None,
    /// It could be bound to, but the server does not offer it. If it did, somebody in the middle took the offer
    /// away, and the server will notice.
    NotOffered,
    /// The proof holds on this connection alone.
    Bound(ChannelBinding),
}

/// What the server says next.
enum Stage {
    /// Its nonce, the salt and the iterations.
    First,
    /// Its own proof, which must be this.
    Final { signature: Vec<u8> },
    /// Nothing more: it has proved itself.
    Proven,
    /// Nothing more: it has not.
    Failed,
}

impl Scram {
    /// An exchange with as much of a binding as the server offers.
    pub(super) fn new(hash: Hash, credentials: Credentials, offers: impl Fn(&str) -> bool) -> Self {
        let Credentials { account, nonce, binding, iterations: allowed } = credentials;
        let binding = match binding {
            Some(binding) if offers(hash.plus_name()) => Binding::Bound(binding),
            // RFC 5802 6: to say "y" where any -PLUS is offered is how a downgrade looks to the server.
            Some(_) if ![Hash::Sha1, Hash::Sha256].iter().any(|hash| offers(hash.plus_name())) => {
                Binding::NotOffered
            }
            _ => Binding::None,
        };
        Self { hash, binding, account, nonce, allowed, stage: Stage::First }
    }

    /// `gs2-header = gs2-cbind-flag "," [ authzid ] ","`
    fn gs2_header(&self) -> String {
        let flag: Cow<'_, str> = match &self.binding {
            Binding::None => "n".into(),
            Binding::NotOffered => "y".into(),
            Binding::Bound(binding) => format!("p={}", binding.name()).into(),
        };
        let act_as = self.account.act_as.as_ref().map(|other| format!("a={}", saslname(other)));
        format!("{flag},{},", act_as.unwrap_or_default())
    }

    /// `client-first-message-bare = [reserved-mext ","] username "," nonce ["," extensions]`
    fn first_bare(&self) -> String {
        format!("n={},r={}", saslname(&prepare(&self.account.user)), self.nonce.as_str())
    }

    /// The proof, and what the server must prove with.
    fn prove(&self, said: &str) -> Result<(Vec<u8>, Vec<u8>), SaslError> {
        let ServerFirst { nonce, salt, iterations } = ServerFirst::read(said, &self.allowed)?;
        // "It MUST verify that the initial part of the nonce used in subsequent messages is the same".
        if nonce.strip_prefix(self.nonce.as_str()).is_none_or(str::is_empty) {
            return Err(SaslError::ForeignNonce);
        }
        let mut channel = self.gs2_header().into_bytes();
        if let Binding::Bound(binding) = &self.binding {
            channel.extend_from_slice(binding.data());
        }
        let without_proof = format!("c={},r={nonce}", BASE64.encode(channel));
        let signed = format!("{},{said},{without_proof}", self.first_bare());

        let hash = self.hash;
        let salted = hash.salted(prepare(&self.account.password).as_bytes(), &salt, iterations);
        let client_key = hash.hmac(&salted, b"Client Key");
        let client_signature = hash.hmac(&hash.digest(&client_key), signed.as_bytes());
        let proof: Vec<_> = client_key.iter().zip(client_signature).map(|(key, sign)| key ^ sign).collect();
        let server_key = hash.hmac(&salted, b"Server Key");
        let answer = format!("{without_proof},p={}", BASE64.encode(proof)).into_bytes();
        Ok((answer, hash.hmac(&server_key, signed.as_bytes())))
    }
}

impl Sasl for Scram {
    fn name(&self) -> &'static str {
        match self.binding {
            Binding::Bound(_) => self.hash.plus_name(),
            Binding::None | Binding::NotOffered => self.hash.name(),
        }
    }

    fn initial(&mut self) -> Option<Vec<u8>> {
        Some((self.gs2_header() + &self.first_bare()).into_bytes())
    }

    fn answer(&mut self, challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
        // Whatever goes wrong from here on, nothing more is believed.
        match std::mem::replace(&mut self.stage, Stage::Failed) {
            Stage::First => {
                let (answer, signature) = self.prove(text(challenge)?)?;
                self.stage = Stage::Final { signature };
                Ok(answer)
            }
            Stage::Final { signature } => {
                check_final(text(challenge)?, &signature)?;
                self.stage = Stage::Proven;
                Ok(Vec::new())
            }
            Stage::Proven | Stage::Failed => Err(SaslError::UnexpectedChallenge),
        }
    }

    fn is_proven(&self) -> bool {
        matches!(self.stage, Stage::Proven)
    }
}

/// `server-final-message = (server-error / verifier) ["," extensions]`
fn check_final(said: &str, signature: &[u8]) -> Result<(), SaslError> {
    let first = said.split(',').next().unwrap_or_default();
    if let Some(error) = first.strip_prefix("e=") {
        return Err(SaslError::Server(error.into()));
    }
    let verifier = first.strip_prefix("v=").ok_or(SaslError::UnreadableChallenge)?;
    // How long the comparison takes tells a server nothing: it gets one try for each of our nonces.
    match BASE64.decode(verifier) {
        Ok(verifier) if verifier == signature => Ok(()),
        Ok(_) => Err(SaslError::WrongServerSignature),
        Err(_) => Err(SaslError::UnreadableChallenge),
    }
}

/// What the server says first.
struct ServerFirst<'a> {
    nonce: &'a str,
    salt: Vec<u8>,
    iterations: u32,
}

impl<'a> ServerFirst<'a> {
    /// `[reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]`, where an extension in front is
    /// one that must be understood, and none is.
    fn read(said: &'a str, allowed: &RangeInclusive<u32>) -> Result<Self, SaslError> {
        let mut fields = said.split(',');
        let mut field = |name| fields.next().and_then(|field| field.strip_prefix(name));
        let (Some(nonce), Some(salt), Some(count)) = (field("r="), field("s="), field("i=")) else {
            return Err(SaslError::UnreadableChallenge);
        };
        let salt = BASE64.decode(salt).ok().filter(|salt| !salt.is_empty());
        // posit-number = %x31-39 *DIGIT, and of as many digits as a server likes.
        let is_number = !count.starts_with('0') && count.bytes().all(|byte| byte.is_ascii_digit());
        if count.is_empty() || !is_number {
            return Err(SaslError::UnreadableChallenge);
        }
        let count: u64 = count.parse().unwrap_or(u64::MAX);
        let salt = salt.ok_or(SaslError::UnreadableChallenge)?;
        let iterations = u32::try_from(count).ok().filter(|count| count <= allowed.end());
        let iterations = iterations.ok_or(SaslError::TooManyIterations(count))?;
        if iterations < *allowed.start() {
            return Err(SaslError::TooFewIterations(iterations));
        }
        Ok(Self { nonce, salt, iterations })
    }
}

impl Hash {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SCRAM-SHA-1",
            Self::Sha256 => "SCRAM-SHA-256",
        }
    }

    /// The mechanism with channel binding.
    pub(super) fn plus_name(self) -> &'static str {
        match self {
            Self::Sha1 => "SCRAM-SHA-1-PLUS",
            Self::Sha256 => "SCRAM-SHA-256-PLUS",
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
        }
    }

    fn hmac(self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => hmac_with::<Hmac<Sha1>>(key, bytes),
            Self::Sha256 => hmac_with::<Hmac<Sha256>>(key, bytes),
        }
    }

    /// `Hi(str, salt, i)`: PBKDF2 with as many octets as the hash has.
    fn salted(self, password: &[u8], salt: &[u8], iterations: u32) -> Vec<u8> {
        match self {
            Self::Sha1 => pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(password, salt, iterations).to_vec(),
            Self::Sha256 => pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, iterations).to_vec(),
        }
    }
}

fn hmac_with<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(bytes);
    mac.finalize().into_bytes().to_vec()
}

/// The profile `SASLprep` (RFC 4013). What it forbids goes as it is: the server may have stored it so.
fn prepare(text: &str) -> Cow<'_, str> {
    stringprep::saslprep(text).unwrap_or(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "user";
    const PENCIL: &str = "pencil";

    /// One whole exchange: what each side says, in turn.
    fn check(mut scram: Scram, [first, server_first, last, server_last]: [&str; 4]) {
        assert_eq!(String::from_utf8(scram.initial().unwrap()).unwrap(), first);
        assert_eq!(String::from_utf8(scram.answer(server_first.as_bytes()).unwrap()).unwrap(), last);
        assert!(!scram.is_proven());
        assert_eq!(scram.answer(server_last.as_bytes()), Ok(vec![]));
        assert!(scram.is_proven());
        assert_eq!(scram.answer(b"v=x"), Err(SaslError::UnexpectedChallenge));
    }

    /// RFC 5802 section 5.
    #[test]
    fn the_example_of_rfc_5802() {
        let nonce = Nonce::known("fyko+d2lbbFgONRv9qkxdawL");
        let credentials = Credentials::new(Account::new(USER, PENCIL), nonce);
        check(
            Scram::new(Hash::Sha1, credentials, |_| false),
            [
                "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
                "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
            ],
        );
    }

    /// RFC 7677 section 3.
    #[test]
    fn the_example_of_rfc_7677() {
        check(
            rfc_7677(),
            [
                "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                SERVER_FIRST,
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                 p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
            ],
        );
    }

    const SERVER_FIRST: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    fn rfc_7677() -> Scram {
        let nonce = Nonce::known("rOprNGfwEbeRWgbNEkqO");
        Scram::new(Hash::Sha256, Credentials::new(Account::new(USER, PENCIL), nonce), |_| false)
    }

    /// What is bound to is told first and signed last, with whose mail to read.
    fn check_binding(binding: ChannelBinding, offered: &[&str], expected: (&str, &str, &str)) {
        let account = Account::new("a=b,c", PENCIL).acting_as("d,e");
        let credentials = Credentials::new(account, Nonce::known("abc")).bound_to(binding).iterations(1..=1);
        let mut scram = Scram::new(Hash::Sha256, credentials, |name| offered.contains(&name));
        let first = String::from_utf8(scram.initial().unwrap()).unwrap();
        let last = scram.answer(b"r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1").unwrap();
        let channel = last.split(|&byte| byte == b',').next().unwrap().strip_prefix(b"c=").unwrap();
        let channel = String::from_utf8(BASE64.decode(channel).unwrap()).unwrap();
        let header = first.strip_suffix("n=a=3Db=2Cc,r=abc").unwrap();
        assert_eq!((scram.name(), header, &*channel), expected);
    }

    #[test]
    fn the_channel_is_in_what_is_signed() {
        let key = || ChannelBinding::TlsExporter(b"key".into());
        let plus = "SCRAM-SHA-256-PLUS";
        check_binding(key(), &[plus], (plus, "p=tls-exporter,a=d=2Ce,", "p=tls-exporter,a=d=2Ce,key"));
        let certificate = ChannelBinding::TlsServerEndPoint(b"hash".into());
        let header = "p=tls-server-end-point,a=d=2Ce,";
        check_binding(certificate, &[plus], (plus, header, &format!("{header}hash")));
        check_binding(key(), &[], ("SCRAM-SHA-256", "y,a=d=2Ce,", "y,a=d=2Ce,"));
        check_binding(key(), &["SCRAM-SHA-1-PLUS"], ("SCRAM-SHA-256", "n,a=d=2Ce,", "n,a=d=2Ce,"));
    }

    /// RFC 4013 section 3: other spellings of one password are one password.
    #[test]
    fn passwords_are_normalised() {
        assert_eq!(prepare("I\u{ad}X"), "IX");
        assert_eq!(prepare("\u{2168}"), "IX");
        assert_eq!(prepare("\u{aa}"), "a");
        assert_eq!(prepare("e\u{301}"), "\u{e9}");
        assert_eq!(prepare("\u{7}"), "\u{7}");
    }

    fn check_first(said: &str, expected: SaslError) {
        let mut scram = rfc_7677();
        scram.initial();
        assert_eq!(scram.answer(said.as_bytes()), Err(expected), "{said}");
        assert!(!scram.is_proven());
        // And nothing afterwards makes up for it.
        assert_eq!(scram.answer(SERVER_FIRST.as_bytes()), Err(SaslError::UnexpectedChallenge));
    }

    #[test]
    fn s6_scram_iterations_are_capped() {
        for (count, told) in [("1000001", 1_000_001), ("4294967296", 1 << 32)] {
            check_first(&SERVER_FIRST.replace("4096", count), SaslError::TooManyIterations(told));
        }
        let count = "9".repeat(40);
        check_first(&SERVER_FIRST.replace("4096", &count), SaslError::TooManyIterations(u64::MAX));
        for count in ["0", "-1", "+1", "01", "", "many"] {
            check_first(&SERVER_FIRST.replace("4096", count), SaslError::UnreadableChallenge);
        }
    }

    #[test]
    fn s6_scram_iterations_below_4096_need_leave() {
        for (count, told) in [("1", 1), ("4095", 4095)] {
            check_first(&SERVER_FIRST.replace("4096", count), SaslError::TooFewIterations(told));
        }
        let few = SERVER_FIRST.replace("4096", "1000");
        let allowing = |bounds| {
            let mut scram = Scram::new(
                Hash::Sha256,
                Credentials::new(Account::new(USER, PENCIL), Nonce::known("rOprNGfwEbeRWgbNEkqO"))
                    .iterations(bounds),
                |_| false,
            );
            scram.initial();
            scram.answer(few.as_bytes()).map(drop)
        };
        assert_eq!(allowing(1000..=4096), Ok(()));
        assert_eq!(allowing(1001..=4096), Err(SaslError::TooFewIterations(1000)));
        assert_eq!(allowing(1..=999), Err(SaslError::TooManyIterations(1000)));
    }

    #[test]
    fn s6_scram_nonce_must_go_on_from_ours() {
        for nonce in ["rOprNGfwEbeRWgbNEkqO", "rOprNGfwEbeRWgbNEkq", "ROprNGfwEbeRWgbNEkqOx", "x", ""] {
            check_first(&format!("r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"), SaslError::ForeignNonce);
        }
    }

    #[test]
    fn s6_scram_signature_is_checked() {
        let signature = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        for (said, expected) in [
            (signature.replace("6rr", "7rr"), SaslError::WrongServerSignature),
            ("v=".into(), SaslError::WrongServerSignature),
            ("v=6rri".into(), SaslError::WrongServerSignature),
            ("v=!".into(), SaslError::UnreadableChallenge),
            (String::new(), SaslError::UnreadableChallenge),
            (signature.to_uppercase(), SaslError::UnreadableChallenge),
            (format!("e=invalid-proof,{signature}"), SaslError::Server("invalid-proof".into())),
        ] {
            let mut scram = rfc_7677();
            scram.initial();
            scram.answer(SERVER_FIRST.as_bytes()).unwrap();
            assert_eq!(scram.answer(said.as_bytes()), Err(expected), "{said}");
            assert!(!scram.is_proven());
            assert_eq!(scram.answer(signature.as_bytes()), Err(SaslError::UnexpectedChallenge));
        }
    }

    /// RFC 5802 section 5.1: what stands behind the known attributes is optional, what stands in front must be
    /// understood, and what comes in another order is no message at all.
    #[test]
    fn extensions_are_passed_over_only_where_they_may_be() {
        let mut scram = rfc_7677();
        scram.initial();
        let last = scram.answer(format!("{SERVER_FIRST},x=new,y=").as_bytes()).unwrap();
        // They are signed with the rest: the proof is another than the one without them.
        assert!(
            !String::from_utf8(last).unwrap().ends_with("p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        );

        let mut scram = rfc_7677();
        scram.initial();
        scram.answer(SERVER_FIRST.as_bytes()).unwrap();
        assert_eq!(scram.answer(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=new"), Ok(vec![]));
        assert!(scram.is_proven());

        for said in [format!("m=new,{SERVER_FIRST}"), SERVER_FIRST.replace(",s=", ",x=new,s=")] {
            check_first(&said, SaslError::UnreadableChallenge);
        }
    }

    #[test]
    fn what_is_no_challenge_ends_it() {
        for said in ["", "r=", "s=a,r=b,i=1", "m=new,r=rOprNGfwEbeRWgbNEkqOx,s=YQ==,i=1", "e=other-error"] {
            check_first(said, SaslError::UnreadableChallenge);
        }
        check_first("r=rOprNGfwEbeRWgbNEkqOx,s=,i=1", SaslError::UnreadableChallenge);
        check_first("r=rOprNGfwEbeRWgbNEkqOx,s=*,i=1", SaslError::UnreadableChallenge);
        let mut scram = rfc_7677();
        assert_eq!(scram.answer(b"\xff"), Err(SaslError::UnreadableChallenge));
    }
}
