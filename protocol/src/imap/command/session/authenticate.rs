//! AUTHENTICATE: sign in by a SASL mechanism. RFC 9051 section 6.2.2; RFC 4959 for the initial response.

use crate::imap::command::session::Login;
use crate::imap::command::session::login::{check_link, check_strings};
use crate::imap::command::shared::{Footprint, Server, Step, Task, Transition};
use crate::imap::sasl::{Choice, Mechanism, Sasl, SaslError};
use crate::imap::writer::Writer;
use crate::imap::{Capability, CommandError, Misbehaviour, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::fmt;

/// Signs in by a SASL mechanism, with the initial response in the command where the server has SASL-IR.
///
/// [`Done::Ok`](crate::imap::Done::Ok) ends it, with the server's new capabilities already asked for. Cancelled in the
/// middle of its exchange, it is called off: what was not said yet never is.
///
/// [`CommandError::Refused`] is a wrong password; [`CommandError::TokenRefused`] a token that is past its time or
/// short of a scope; [`CommandError::Sasl`] a server that is not what it seems. A mechanism in which the server
/// must prove itself does not end well without that proof: the connection closes with
/// [`Misbehaviour::Unproven`]. Over a link that [`Security::Cleartext`](crate::imap::Security::Cleartext)
/// describes nothing but [`Mechanism::Anonymous`] goes, not even a proof: who reads along could try passwords on it.
///
/// Source: [RFC 9051 section 6.2.2]; [RFC 4959] for the initial response, [RFC 4422] for SASL itself.
///
/// # Examples
/// ```
/// use postern_protocol::Time;
/// use postern_protocol::imap::command::{Authenticate, Mechanism};
/// use postern_protocol::imap::sasl::Token;
/// use postern_protocol::imap::{CommandError, Config, Connection, Event, Output};
///
/// let now = Time::ZERO;
/// let mut connection = Connection::new(Config::default(), now);
/// connection.send(Authenticate(Mechanism::Bearer(Token::new("ann@example.org", "stale"))), now);
///
/// let mut refusal = None;
/// for line in [
///     "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi",
///     "+ eyJzdGF0dXMiOiI0MDAifQ==",
///     "A1 NO refused",
/// ] {
///     connection.handle_input(format!("{line}\r\n").as_bytes(), now);
///     while let Some(output) = connection.poll_output() {
///         if let Output::Event(Event::Done(_, Err(CommandError::TokenRefused { refusal: why, .. }))) = output {
///             refusal = Some(why);
///         }
///     }
/// }
/// assert_eq!(refusal.unwrap().status, "400");
/// ```
///
/// # Where the server lacks it
/// - The mechanism: nothing is sent and [`CommandError::Unsupported`] ends it. What [`Mechanism::Strongest`] and
///   [`Mechanism::Bearer`] choose from stands there; where PLAIN is not offered, the LOGIN command takes its place.
/// - SASL-IR: the initial response waits until the server asks for it.
///
/// [RFC 9051 section 6.2.2]: https://www.rfc-editor.org/rfc/rfc9051#section-6.2.2
/// [RFC 4959]: https://www.rfc-editor.org/rfc/rfc4959
/// [RFC 4422]: https://www.rfc-editor.org/rfc/rfc4422
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticate(pub Mechanism);

impl Authenticate {
    pub(crate) fn into_task(self) -> Box<dyn Task> {
        Box::new(Exchange { mechanism: self.0, way: Way::Undecided, called_off: None, is_cancelled: false })
    }
}

/// An AUTHENTICATE under way.
struct Exchange {
    mechanism: Mechanism,
    way: Way,
    /// Why the client said no more.
    called_off: Option<SaslError>,
    /// Nobody wants to be signed in any more.
    is_cancelled: bool,
}

/// How the credentials travel.
enum Way {
    Undecided,
    /// The server must still ask for the initial response.
    Waiting(Box<dyn Sasl>, Vec<u8>),
    /// The initial response is out, or the server begins.
    Asked(Box<dyn Sasl>),
    /// LOGIN has the credentials.
    Login,
    /// The client said "*" in the place of its answer.
    GivenUp,
}

/// Names the mechanism and nothing that it holds.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match &self.way {
            Way::Undecided => "undecided",
            Way::Waiting(sasl, _) | Way::Asked(sasl) => sasl.name(),
            Way::Login => "by LOGIN",
            Way::GivenUp => "given up",
        };
        write!(f, "Authenticate({name})")
    }
}

impl Task for Exchange {
    fn footprint(&self) -> Footprint {
        Footprint::alone()
    }

    fn allowed_in(&self, state: State) -> bool {
        state == State::NotAuthenticated
    }

    fn write(&mut self, line: &mut Writer, server: &Server<'_>) -> Result<(), CommandError> {
        if !matches!(self.mechanism, Mechanism::Anonymous { .. }) {
            check_link(server)?;
        }
        check_strings(&self.mechanism.strings())?;
        let has_login = !server.has(&Capability::LoginDisabled);
        let mut sasl =
            match self.mechanism.clone().choose(|name| server.capabilities.has_auth(name), has_login) {
                Choice::Sasl(sasl) => sasl,
                Choice::LoginCommand(account) => {
                    let mut login = Login { user: account.user, password: account.password };
                    login.write(line, server)?;
                    self.way = Way::Login;
                    return Ok(());
                }
                Choice::Lacking(name) => {
                    return Err(CommandError::Unsupported(Capability::Auth(name.into())));
                }
            };
        line.arg("AUTHENTICATE ").words(sasl.name());
        self.way = match sasl.initial() {
            None => Way::Asked(sasl),
            Some(initial) if server.has(&Capability::SaslIr) => {
                line.words(" ");
                // RFC 4959 3: an empty initial response is written as "=".
                if initial.is_empty() {
                    line.words("=");
                } else {
                    line.base64(&initial);
                }
                Way::Asked(sasl)
            }
            Some(initial) => Way::Waiting(sasl, initial),
        };
        Ok(())
    }

    fn answer_challenge(&mut self, challenge: &[u8]) -> Result<Vec<u8>, Misbehaviour> {
        let answer = match std::mem::replace(&mut self.way, Way::GivenUp) {
            Way::Waiting(..) | Way::Asked(_) if self.is_cancelled => return Ok(CALL_OFF.into()),
            // RFC 4422 3: where the client begins, the server has nothing to say yet.
            Way::Waiting(sasl, initial) => match decode(challenge) {
                Ok(said) if said.is_empty() => {
                    self.way = Way::Asked(sasl);
                    Ok(initial)
                }
                Ok(_) => Err(SaslError::UnexpectedChallenge),
                Err(error) => Err(error),
            },
            Way::Asked(mut sasl) => {
                let answer = decode(challenge).and_then(|challenge| sasl.answer(&challenge));
                if answer.is_ok() {
                    self.way = Way::Asked(sasl);
                }
                answer
            }
            Way::Undecided | Way::Login | Way::GivenUp => return Err(Misbehaviour::UnexpectedContinuation),
        };
        Ok(answer.map_or_else(
            |error| {
                self.called_off = Some(error);
                CALL_OFF.into()
            },
            |answer| BASE64.encode(answer).into_bytes(),
        ))
    }

    fn cancelled(&mut self) {
        self.is_cancelled = true;
    }

    fn refuse_success(&self) -> Option<Misbehaviour> {
        match &self.way {
            Way::Waiting(..) => Some(Misbehaviour::EarlyAnswer),
            Way::GivenUp => Some(Misbehaviour::Unproven),
            Way::Asked(sasl) if !sasl.is_proven() => Some(Misbehaviour::Unproven),
            Way::Undecided | Way::Asked(_) | Way::Login => None,
        }
    }

    fn fail(&mut self, error: CommandError) -> Step {
        if let Some(why) = self.called_off.take() {
            return Step::Done(Err(CommandError::Sasl(why)));
        }
        if let (Way::Asked(sasl), CommandError::Refused(text) | CommandError::Bad(text)) =
            (&mut self.way, &error)
            && let Some(refusal) = sasl.refusal()
        {
            return Step::Done(Err(CommandError::TokenRefused {
                refusal: refusal.into(),
                text: text.clone(),
            }));
        }
        Step::Done(Err(error))
    }

    fn changes_rights(&self) -> bool {
        true
    }

    fn transition(&self, success: bool) -> Option<Transition> {
        success.then_some(Transition::Authenticated)
    }
}

fn decode(challenge: &[u8]) -> Result<Vec<u8>, SaslError> {
    BASE64.decode(challenge.trim_ascii()).map_err(|_| SaslError::UnreadableChallenge)
}

/// RFC 9051 6.2.2: it cancels the exchange, and the server then answers BAD.
const CALL_OFF: &[u8] = b"*";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::Command;
    use crate::imap::command::Ask as _;
    use crate::imap::sasl::{Account, Credentials, Nonce, Token};
    use crate::imap::transcript::check;

    fn by(mechanism: Mechanism) -> [Command; 1] {
        [Authenticate(mechanism).into()]
    }

    fn plain() -> [Command; 1] {
        by(Mechanism::Plain(Account::new("ann", "secret")))
    }

    #[test]
    fn the_initial_response_goes_with_the_command() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
             S: A1 OK [CAPABILITY IMAP4rev1 IDLE] in
             E: Capabilities
             E: #0 Ok in",
        );
    }

    #[test]
    fn or_waits_to_be_asked_for() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN
             S: +
             C: AGFubgBzZWNyZXQ=
             S: A1 NO [AUTHENTICATIONFAILED] wrong
             E: #0 Error the server refused: wrong",
        );
    }

    /// PLAIN has nothing more to say: the exchange is called off (RFC 9051 section 6.2.2).
    #[test]
    fn a_challenge_too_many_is_called_off() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=
             S: + dGhlcmU=
             C: *
             S: A1 BAD cancelled
             E: #0 Error the server asked for more than the mechanism has to say",
        );
    }

    #[test]
    fn success_before_the_question_is_a_lie() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE PLAIN
             S: A1 OK in
             E: #0 Error the server broke the protocol: an answer before the command was written
             E: Closed the server broke the protocol: an answer before the command was written
             E: hang up",
        );
    }

    #[test]
    fn login_where_there_is_no_plain() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1] hi
             E: Greeting hi
             E: Capabilities
             C: A1 LOGIN \"ann\" \"secret\"
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: #0 Ok in",
        );
    }

    #[test]
    fn nothing_where_there_is_neither() {
        check(
            &plain(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] hi
             E: Greeting hi
             E: Capabilities
             E: #0 Error the server lacks AUTH=PLAIN",
        );
    }

    /// The example of RFC 7677 section 3, with fewer iterations: it is run at every cut.
    fn scram() -> [Command; 1] {
        let nonce = Nonce::known("rOprNGfwEbeRWgbNEkqO");
        let credentials = Credentials::new(Account::new("user", "pencil"), nonce).iterations(2..=2);
        by(Mechanism::Strongest(credentials))
    }

    const SCRAM: &str = "U: send
        S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256 SASL-IR] hi
        E: Greeting hi
        E: Capabilities
        C: A1 AUTHENTICATE SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=
        S: + cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTI=
        C: Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD0rOEl1SStaOVl5RHpVOHhJbk5MMmMyMmFtUWwwMDYyYWF0RVlKeUFZM2s0PQ==";

    #[test]
    fn scram_ends_once_the_server_proved_itself() {
        check(
            &scram(),
            &format!(
                "{SCRAM}
                 S: + dj1uZEFkcmg1VEVDS2FrSHpQQms0dW4zMjc3UEpuMEE4dVUxTGJWUjJ5YTV3PQ==
                 C:
                 S: A1 OK [CAPABILITY IMAP4rev1 IDLE] in
                 E: Capabilities
                 E: #0 Ok in"
            ),
        );
    }

    #[test]
    fn s6_success_without_the_servers_proof_is_refused() {
        check(
            &scram(),
            &format!(
                "{SCRAM}
                 S: A1 OK in
                 E: #0 Error the server broke the protocol: success without proof
                 E: Closed the server broke the protocol: success without proof
                 E: hang up"
            ),
        );
    }

    #[test]
    fn s6_success_after_a_wrong_proof_is_refused() {
        let wrong = format!(
            "{SCRAM}
             S: + dj1uTkFkcmg1VEVDS2FrSHpQQms0dW4zMjc3UEpuMEE4dVUxTGJWUjJ5YTV3PQ==
             C: *"
        );
        check(
            &scram(),
            &format!(
                "{wrong}
                 S: A1 OK in
                 E: #0 Error the server broke the protocol: success without proof
                 E: Closed the server broke the protocol: success without proof
                 E: hang up"
            ),
        );
        check(
            &scram(),
            &format!(
                "{wrong}
                 S: A1 BAD cancelled
                 E: #0 Error the server could not prove that it knows the password"
            ),
        );
    }

    /// A wrong password is the server's to say; no weaker mechanism is tried behind it.
    #[test]
    fn a_wrong_password_is_refused_once() {
        check(
            &scram(),
            &format!(
                "{SCRAM}
                 S: A1 NO [AUTHENTICATIONFAILED] wrong
                 E: #0 Error the server refused: wrong"
            ),
        );
    }

    #[test]
    fn a_challenge_that_is_no_base64_calls_it_off() {
        check(
            &scram(),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-256 SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=
             S: + go on!
             C: *
             S: + go on!
             E: #0 Error the server broke the protocol: a continuation that nothing waits for
             E: Closed the server broke the protocol: a continuation that nothing waits for
             E: hang up",
        );
    }

    /// What a mechanism in which the client begins has to hear first is nothing at all.
    #[test]
    fn a_first_challenge_that_says_something_calls_it_off() {
        for (said, error) in [
            ("go ahead", "the server's challenge could not be read"),
            ("Z28=YWhlYWQ=", "the server's challenge could not be read"),
            ("Z28gYWhlYWQ=", "the server asked for more than the mechanism has to say"),
        ] {
            check(
                &plain(),
                &format!(
                    "U: send
                     S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
                     E: Greeting hi
                     E: Capabilities
                     C: A1 AUTHENTICATE PLAIN
                     S: + {said}
                     C: *
                     S: A1 BAD cancelled
                     E: #0 Error {error}"
                ),
            );
        }
    }

    /// Whoever thought better of it is not signed in, and the password stays here.
    #[test]
    fn cancelled_before_the_password_went_out_it_never_does() {
        let greeting = "U: send
            S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi
            E: Greeting hi
            E: Capabilities
            C: A1 AUTHENTICATE PLAIN
            U: cancel 0
            E: #0 Error cancelled
            S: +
            C: *";
        let again = [plain(), [crate::imap::command::Noop.into()]].concat();
        check(&again, &format!("{greeting}\nS: A1 BAD cancelled\nU: send\nC: A2 NOOP"));
        check(
            &again,
            &format!(
                "{greeting}
                 S: A1 OK in
                 E: Closed the server broke the protocol: success without proof
                 E: hang up"
            ),
        );
    }

    #[test]
    fn the_server_begins_with_login_and_cram_md5() {
        let account = Account::new("tim", "tanstaaftanstaaf");
        check(
            &by(Mechanism::Login(account.clone())),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=LOGIN SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE LOGIN
             S: + VXNlcm5hbWU6
             C: dGlt
             S: + UGFzc3dvcmQ6
             C: dGFuc3RhYWZ0YW5zdGFhZg==
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: Capabilities
             E: #0 Ok in",
        );
        check(
            &by(Mechanism::CramMd5(account)),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE CRAM-MD5
             S: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+
             C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: Capabilities
             E: #0 Ok in",
        );
    }

    #[test]
    fn an_empty_initial_response_is_an_equals_sign() {
        check(
            &by(Mechanism::External { act_as: None }),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=EXTERNAL SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE EXTERNAL =
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: Capabilities
             E: #0 Ok in",
        );
        check(
            &by(Mechanism::External { act_as: None }),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=EXTERNAL] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE EXTERNAL
             S: +
             C:
             S: A1 OK [CAPABILITY IMAP4rev1] in
             E: Capabilities
             E: #0 Ok in",
        );
    }

    /// RFC 7628 section 4.3: the reason is answered with one %x01, and only then the server says NO.
    #[test]
    fn a_refused_token_tells_why() {
        check(
            &by(Mechanism::Bearer(Token::new("ann", "stale"))),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE OAUTHBEARER bixhPWFubiwBYXV0aD1CZWFyZXIgc3RhbGUBAQ==
             S: + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=
             C: AQ==
             S: A1 NO stale
             E: #0 Error the server refused the token (invalid_token): stale",
        );
        check(
            &by(Mechanism::Bearer(Token::new("ann", "stale"))),
            "U: send
             S: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] hi
             E: Greeting hi
             E: Capabilities
             C: A1 AUTHENTICATE XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc3RhbGUBAQ==
             S: + eyJzdGF0dXMiOiI0MDAifQ==
             C:
             S: A1 OK or not
             E: #0 Error the server broke the protocol: success without proof
             E: Closed the server broke the protocol: success without proof
             E: hang up",
        );
    }

    #[test]
    fn nothing_secret_is_printed() {
        let account = || Account::new("ann", "hunter2");
        let credentials = || Credentials::new(account(), Nonce::known("hunter2"));
        for mechanism in [
            Mechanism::Strongest(credentials()),
            Mechanism::ScramSha1(credentials()),
            Mechanism::Plain(account()),
            Mechanism::Login(account()),
            Mechanism::CramMd5(account()),
            Mechanism::XOAuth2(Token::new("ann", "hunter2")),
        ] {
            let [command] = by(mechanism);
            assert!(!format!("{command:?}{:?}", command.clone().asked()).contains("hunter2"));
        }
    }

    /// S12: what would end a line, or a field of a mechanism, is in no credential.
    #[test]
    fn s12_control_characters_in_credentials_are_refused() {
        for mechanism in [
            Mechanism::Plain(Account::new("a\0b", "x")),
            Mechanism::Plain(Account::new("a", "x").acting_as("b\0c")),
            Mechanism::Bearer(Token::new("ann", "t\x01auth=Bearer other")),
            Mechanism::Anonymous { trace: "a\r\nb".into() },
        ] {
            check(
                &by(mechanism),
                "U: send
                 S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 AUTH=ANONYMOUS] hi
                 E: Greeting hi
                 E: Capabilities
                 E: #0 Error a string holds a character that no command can carry",
            );
        }
    }
}
