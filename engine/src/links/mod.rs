//! The connections of the account: when they are made, what became of them, and what each is asked next.

pub(crate) mod back_off;
pub(crate) mod close;
pub(crate) mod errands;
pub(crate) mod link;
pub(crate) mod patience;
pub(crate) mod polling;
pub(crate) mod quarantine;
pub(crate) mod refusal;
pub(crate) mod session;
pub(crate) mod side;
pub(crate) mod sign_in;
pub(crate) mod stalled;
pub(crate) mod trials;
