//! The numbers that name messages. Each kind is its own type, so that none is ever used for another.
//!
//! RFC 9051 section 2.3.1, RFC 7162 section 3.1.

use std::fmt;
use std::num::NonZeroU32;

/// A number that a [`Set`](super::Set) can hold: a [`Uid`] or a [`SeqNo`].
pub trait Number: Copy + Ord + fmt::Debug {
    /// The number, if it is one that a message may have (0 never is).
    fn new(value: u32) -> Option<Self>;
    /// The plain number, never 0.
    fn value(self) -> u32;
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The number, or `None` for 0, which the grammar's `nz-number` excludes.
            #[must_use]
            pub const fn new(value: u32) -> Option<Self> {
                match NonZeroU32::new(value) {
                    Some(value) => Some(Self(value)),
                    None => None,
                }
            }

            /// The plain number, never 0.
            #[must_use]
            pub const fn value(self) -> u32 {
                self.0.get()
            }
        }

        impl From<NonZeroU32> for $name {
            fn from(value: NonZeroU32) -> Self {
                Self(value)
            }
        }

        impl From<$name> for u32 {
            fn from(number: $name) -> u32 {
                number.value()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

number! {
    /// A message's unique identifier: it names the message as long as its mailbox keeps its [`UidValidity`].
    ///
    /// RFC 9051 section 2.3.1.1.
    Uid
}

number! {
    /// A message's place in its mailbox, from 1. Each expunge moves the later ones.
    ///
    /// RFC 9051 section 2.3.1.2.
    SeqNo
}

number! {
    /// What makes the UIDs of a mailbox unique: where it changed, every UID known before is void.
    ///
    /// RFC 9051 section 2.3.1.1.
    UidValidity
}

impl Number for Uid {
    fn new(value: u32) -> Option<Self> {
        Self::new(value)
    }
    fn value(self) -> u32 {
        self.value()
    }
}

impl Number for SeqNo {
    fn new(value: u32) -> Option<Self> {
        Self::new(value)
    }
    fn value(self) -> u32 {
        self.value()
    }
}

/// The number of the change that last touched a message or a mailbox.
///
/// 63 bits are allowed; 0 stands for "never changed" in commands. RFC 7162 section 3.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModSeq(pub u64);

impl fmt::Display for ModSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
