//! One account against a model server, on a virtual clock. The view of these tests knows nothing but the updates,
//! so that what it holds is what a person would see.

mod downloads;
mod flags;
mod links;
mod list;
mod mail;
mod random;
mod reading;
mod server;
mod sign_in;
mod view;
mod world;
