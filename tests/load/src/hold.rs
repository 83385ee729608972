//! Connections that are held while somebody else looks at what they cost.

use std::io::{self, BufRead};
use std::str::FromStr;

use crate::measure::echoing;
use crate::socket::{Address, Socket};

/// What the connections do meanwhile.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// They were used once, and now nothing comes and nothing goes.
    Idle,
    /// The server sends all that it can, and the client does not read.
    Stalled,
}

impl FromStr for How {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "idle" => Ok(Self::Idle),
            "stalled" => Ok(Self::Stalled),
            _ => Err(format!("{text} is neither idle nor stalled")),
        }
    }
}

/// Each line of the input says how many there should be in all; the answer is how many there are. At the input's end
/// all of them are closed.
pub(crate) fn hold(address: &Address, how: How) -> io::Result<()> {
    let mut held: Vec<Socket> = Vec::new();
    for line in io::stdin().lock().lines() {
        let wanted: usize = line?.trim().parse().map_err(io::Error::other)?;
        while held.len() < wanted {
            let opened = match how {
                How::Idle => echoing(address),
                How::Stalled => stalled(address),
            };
            match opened {
                Ok(socket) => held.push(socket),
                // As many as it takes.
                Err(error) => {
                    eprintln!("refused at {}: {error}", held.len());
                    break;
                }
            }
        }
        println!("{}", held.len());
    }
    Ok(())
}

fn stalled(address: &Address) -> io::Result<Socket> {
    let mut socket = Socket::open(address, SMALL)?;
    socket.take_little()?;
    socket.send(b"flood\n")?;
    // So that it has begun; what follows stays where it is.
    socket.receive(1)?;
    Ok(socket)
}

const SMALL: usize = 1024;
