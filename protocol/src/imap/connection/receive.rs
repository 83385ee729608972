//! What the server says: each response goes to the command that it answers, to the session, or out as news.

use super::compression::Compression;
use super::flight::{Sent, Tag};
use super::idle::Phase;
use super::outbox::Link;
use super::{Connection, ConnectionError, Event, Greeting, command};
use crate::Time;
use crate::imap::command::shared::{Answers, Step, Transition};
use crate::imap::writer::Piece;
use crate::imap::{
    Code, CommandError, Continue, Item, Misbehaviour, Response, ResponseText, Security, State, Status,
};

impl Connection {
    /// Takes one response. An error ends the connection.
    pub(super) fn handle_response(&mut self, response: Response<'_>, now: Time) -> Result<(), Misbehaviour> {
        match (self.session.state, response) {
            (State::Connecting, Response::Status { status, text }) => self.handle_greeting(status, text, now),
            // CVE-2020-28896: whatever else comes first must not be skipped.
            (State::Connecting, _) => Err(Misbehaviour::BadGreeting),
            (_, Response::Tagged { tag, status, text }) => self.handle_tagged(&tag, status, text, now),
            (_, Response::Continue(wait)) => self.handle_continue(&wait, now),
            (State::NotAuthenticated, response) if is_mail_data(&response) => {
                Err(Misbehaviour::DataBeforeAuthentication)
            }
            (_, Response::Status { status: Status::Bye, text }) => {
                self.handle_bye(text, now);
                Ok(())
            }
            (_, response) => {
                self.handle_untagged(response, now);
                Ok(())
            }
        }
    }

    fn handle_greeting(&mut self, status: Status, text: ResponseText, now: Time) -> Result<(), Misbehaviour> {
        self.session.state = match status {
            Status::Ok => State::NotAuthenticated,
            Status::PreAuth => State::Authenticated,
            Status::Bye => {
                self.handle_bye(text, now);
                return Ok(());
            }
            Status::No | Status::Bad => return Err(Misbehaviour::BadGreeting),
        };
        self.progress_at = now;
        let preauthenticated = status == Status::PreAuth;
        self.outbox.event(Event::Greeting(Greeting { preauthenticated, text: text.clone() }));
        self.note_code(&text);
        self.ask_capabilities();
        Ok(())
    }

    /// LOGOUT makes the server say it; else it is the end (RFC 9051 section 7.1.5).
    fn handle_bye(&mut self, text: ResponseText, now: Time) {
        self.note_code(&text);
        self.outbox.event(Event::Bye(text.clone()));
        if self.flight.is_logging_out() {
            self.bye = Some((text, now));
        } else {
            self.end(ConnectionError::Bye(text), Link::There);
        }
    }

    fn handle_tagged(
        &mut self,
        tag: &str,
        status: Status,
        text: ResponseText,
        now: Time,
    ) -> Result<(), Misbehaviour> {
        let Some(tag) = Tag::parse(tag) else { return Err(Misbehaviour::UnknownTag) };
        let answer = match status {
            Status::Ok => Ok(text),
            Status::No => Err(CommandError::Refused(text)),
            Status::Bad => Err(CommandError::Bad(text)),
            Status::Bye | Status::PreAuth => return Err(Misbehaviour::Unreadable),
        };
        if let Ok(text) | Err(CommandError::Refused(text) | CommandError::Bad(text)) = &answer {
            self.note_code(text);
        }
        if self.idling.tag() == Some(tag) {
            return self.handle_idle_end(tag, answer, now);
        }
        let Some(sent) = self.flight.find(tag) else { return Err(Misbehaviour::UnknownTag) };
        // A server may refuse a literal instead of waiting for it, but nothing can succeed half-written.
        if !self.outbox.is_written(tag) || (answer.is_ok() && !sent.pieces.is_empty()) {
            return Err(Misbehaviour::EarlyAnswer);
        }
        if answer.is_ok()
            && let Some(how) = sent.task.refuse_success()
        {
            return Err(how);
        }
        // Whether the server counts on to the end of the literal or reads what follows as commands, nobody knows.
        let halfway = matches!(sent.pieces.front(), Some(Piece::Stream(_)));
        if let Some(sent) = self.flight.take(tag, now) {
            self.handle_answer(sent, answer, now);
        }
        if halfway { Err(Misbehaviour::EarlyAnswer) } else { Ok(()) }
    }

    fn handle_answer(&mut self, mut sent: Sent, answer: Result<ResponseText, CommandError>, now: Time) {
        let success = answer.is_ok();
        let step = match answer {
            Ok(text) => match sent.task.must_answer().filter(|_| !sent.is_answered) {
                Some(what) => Step::Done(Err(CommandError::Malformed(what))),
                None => sent.task.succeed(text),
            },
            Err(error) => sent.task.fail(error),
        };
        if let Step::Done(Ok(_)) | Step::Then(..) = step {
            let mut answers = Answers::default();
            sent.task.last_items(&mut answers);
            answers.items.into_iter().for_each(|item| self.tell_item(sent.owner, item));
        }
        self.conclude(sent, step, success, now);
    }

    /// What a command's answer makes of the session.
    pub(super) fn change(&mut self, transition: Transition) {
        let logged_out = transition == Transition::LoggedOut;
        if transition == Transition::Compressed {
            self.compression = Some(Compression::new());
        }
        let other_rights = matches!(transition, Transition::Authenticated | Transition::Unauthenticated);
        self.session.apply(transition);
        if other_rights {
            self.ask_capabilities();
        }
        if logged_out {
            self.end(ConnectionError::LoggedOut, Link::There);
        }
    }

    /// Asks for the capabilities where they were not told, before anything that waits.
    fn ask_capabilities(&mut self) {
        if self.session.must_ask() {
            self.flight.ask_first(command::Capability);
        }
    }

    /// The tagged end of IDLE: after DONE, or as a refusal, or because the server had enough.
    fn handle_idle_end(
        &mut self,
        tag: Tag,
        answer: Result<ResponseText, CommandError>,
        now: Time,
    ) -> Result<(), Misbehaviour> {
        if !self.outbox.is_written(tag) {
            return Err(Misbehaviour::EarlyAnswer);
        }
        self.progress_at = now;
        let left = matches!(self.idling.phase, Phase::Leaving { .. });
        self.idling.phase = match answer {
            Ok(_) if left => Phase::Out,
            // Entering it again at once could go on for ever.
            Ok(_) => Phase::Resting { until: now + self.config.deadlines.poll },
            Err(error) => {
                let wish = self.idling.wish.take();
                self.settle(wish, Err(error));
                Phase::Out
            }
        };
        Ok(())
    }

    fn handle_continue(&mut self, wait: &Continue, now: Time) -> Result<(), Misbehaviour> {
        self.progress_at = now;
        if let Phase::Entering { tag } = self.idling.phase {
            if !self.outbox.is_written(tag) {
                return Err(Misbehaviour::EarlyAnswer);
            }
            self.idling.entered(tag, &self.config.deadlines, now);
            if let Some(id) = self.idling.wish {
                self.outbox.event(Event::Item(id, Item::Idling));
            }
            return Ok(());
        }
        let Some(sent) = self.flight.newest_mut() else { return Err(Misbehaviour::UnexpectedContinuation) };
        if !self.outbox.is_written(sent.tag) {
            return Err(Misbehaviour::EarlyAnswer);
        }
        sent.since = now;
        match sent.pieces.front() {
            Some(Piece::Leave) => {
                sent.pieces.pop_front();
                self.proceed();
            }
            Some(_) => return Err(Misbehaviour::UnexpectedContinuation),
            None => {
                let answer = [sent.task.answer_challenge(&wait.text)?, b"\r\n".to_vec()].concat();
                self.outbox.transmit(sent.tag, answer);
            }
        }
        Ok(())
    }

    fn handle_untagged(&mut self, response: Response<'_>, now: Time) {
        if let Response::Status { text, .. } = &response {
            self.note_code(text);
            if let Some(Code::InProgress { tag, done, total }) = &text.code {
                return self.note_progress(tag.as_deref(), *done, *total, now);
            }
            // RFC 9738 section 3.1: the tagged OK of the command under way has another code.
            if let Some(Code::MessageLimit { last_uid: Some(last), .. }) = text.code
                && let Some(stop) = self.flight.sent_mut().find_map(|sent| sent.task.stop())
            {
                return stop.note(last);
            }
        }
        match &response {
            Response::Enabled(enabled) => self.session.enable(enabled),
            Response::Expunge(gone) => self.flight.renumber(Some(*gone)),
            Response::Vanished { earlier: false, .. } => self.flight.renumber(None),
            _ => {}
        }
        let response = match response {
            Response::Capability(capabilities) => return self.learn(capabilities),
            other => other,
        };
        let Some(sent) = self.flight.sent_mut().find(|sent| sent.task.wants(&response)) else {
            return self.tell(response);
        };
        if let Response::Exists(count) = response {
            self.idling.note_exists(count);
        }
        let mut answers = Answers::default();
        sent.task.take(response, &mut answers);
        sent.is_answered = true;
        sent.since = now;
        let owner = sent.owner;
        for item in answers.items {
            self.tell_item(owner, item);
        }
        self.progress_at = now;
    }

    /// RFC 9585 section 3: the server is slow, not gone.
    fn note_progress(&mut self, tag: Option<&str>, done: Option<u32>, total: Option<u32>, now: Time) {
        let sent = tag.and_then(Tag::parse).and_then(|tag| self.flight.find(tag));
        let command = sent.and_then(|sent| sent.owner);
        self.outbox.event(Event::Progress { command, done, total });
        self.flight.note_work(now);
    }

    /// News: nobody asked for this.
    fn tell(&mut self, response: Response<'_>) {
        // RFC 9051 has no RECENT any more, and nobody needs what RFC 3501 says with it.
        if matches!(response, Response::Recent(_)) {
            return;
        }
        self.idling.note_news(&response);
        self.outbox.event(match response {
            Response::Exists(count) => Event::Exists(count),
            Response::Expunge(seq) => Event::Expunge(seq),
            Response::Vanished { earlier, uids } => Event::Vanished { earlier, uids },
            Response::Flags(flags) => Event::Flags(flags.iter().collect()),
            Response::Fetch(message) => Event::Fetch(message.into_owned()),
            Response::List(mailbox) => Event::Mailbox(mailbox),
            Response::MailboxStatus(status) => Event::Status(status),
            Response::Metadata(metadata) => Event::Metadata(metadata),
            Response::ESearch(found) if found.is_update() => Event::SearchUpdate(Box::new(found)),
            Response::Status {
                text: ResponseText { code: Some(Code::NotificationOverflow), .. }, ..
            } => Event::NotificationOverflow,
            other => Event::Unhandled(other.into_owned()),
        });
    }

    /// What codes tell whatever response they stand in.
    fn note_code(&mut self, text: &ResponseText) {
        match &text.code {
            // NST 9: anybody on the way may have written it.
            Some(Code::Alert) if self.config.login_over == Security::Cleartext => {}
            Some(Code::Alert) => self.outbox.event(Event::Alert(text.text.clone())),
            Some(Code::Capability(capabilities)) => self.learn(capabilities.clone()),
            _ => {}
        }
    }

    fn learn(&mut self, capabilities: super::Capabilities) {
        if self.session.learn(capabilities) {
            self.outbox.event(Event::Capabilities);
        }
    }
}

/// What makes no sense before a login (security.md S9): to take it in could plant mail that is not the user's.
fn is_mail_data(response: &Response<'_>) -> bool {
    !matches!(
        response,
        Response::Status { .. }
            | Response::Capability(_)
            | Response::Id(_)
            | Response::Enabled(_)
            | Response::Language(_)
            | Response::Named(_)
            | Response::Unknown(_)
    )
}
