//! One account against a model server, on a virtual clock. The view of these tests knows nothing but the updates,
//! so that what it holds is what a person would see.

mod counts;
mod downloads;
mod faults;
mod flags;
mod links;
mod list;
mod mail;
mod odd_mail;
mod poison;
mod random;
mod reading;
mod refusals;
mod server;
mod sign_in;
mod transcripts;
mod view;
mod world;
