//! Speed: bytes per second, the time of a round trip, new connections per second.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::socket::{Address, Socket};

/// Which way the bytes go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    /// To the client.
    Down,
    /// To the server.
    Up,
}

/// Moves so many bytes over one connection and prints the seconds from the first of them to the last one's arrival.
///
/// It hangs up only at the end of its input: a peer that has a process for each connection takes what that cost with it.
pub(crate) fn bulk(address: &Address, direction: Direction, bytes: u64) -> io::Result<()> {
    let mut socket = Socket::open(address, CAPACITY)?;
    let start = Instant::now();
    match direction {
        Direction::Down => {
            socket.send(format!("down {bytes}\n").as_bytes())?;
            socket.receive(bytes)?;
        }
        Direction::Up => {
            // Whole messages alone.
            let messages = bytes / MESSAGE as u64;
            socket.send(format!("up {}\n", messages * MESSAGE as u64).as_bytes())?;
            let message = socket.prepared(&[b'x'; MESSAGE]);
            for _ in 0..messages {
                socket.write(&message)?;
            }
            // The server answers with one byte when it has all.
            socket.receive(1)?;
        }
    }
    println!("{}", start.elapsed().as_secs_f64());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// So many round trips of 20 bytes, one after the other: the median and the 99th of a hundred, in microseconds.
pub(crate) fn rounds(address: &Address, count: usize) -> io::Result<[f64; 2]> {
    let mut socket = echoing(address)?;
    let message = socket.prepared(TWENTY);
    let mut round = || {
        let start = Instant::now();
        socket.write(&message)?;
        socket.receive(TWENTY.len() as u64)?;
        io::Result::Ok(start.elapsed().as_secs_f64() * 1e6)
    };
    for _ in 0..count / 10 {
        round()?;
    }
    let mut times = (0..count).map(|_| round()).collect::<io::Result<Vec<_>>>()?;
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| times.get(count * hundredth / 100).copied().unwrap_or_default();
    Ok([at(50), at(99)])
}

/// How many connections a second can be opened, used for one round trip and closed, some at once.
pub(crate) fn starts(address: &Address, time: Duration, at_once: usize) -> io::Result<f64> {
    let start = Instant::now();
    let one_after_the_other = || {
        let mut count = 0_u32;
        while start.elapsed() < time {
            drop(echoing(address)?);
            count += 1;
        }
        io::Result::Ok(count)
    };
    let total = thread::scope(|scope| {
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(one_after_the_other)).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().map_err(|_| io::Error::other("a thread panicked"))?
        };
        threads.into_iter().map(join).sum::<io::Result<u32>>()
    })?;
    Ok(f64::from(total) / start.elapsed().as_secs_f64())
}

/// A connection to the server itself, whose bytes come back: the first have.
pub(crate) fn echoing(address: &Address) -> io::Result<Socket> {
    let mut socket = Socket::open(address, SMALL)?;
    socket.send(b"echo\n")?;
    socket.send(TWENTY)?;
    socket.receive(TWENTY.len() as u64)?;
    Ok(socket)
}

const TWENTY: &[u8] = b"a7 UID FETCH 4711\r\n\0";
/// What a client reads at once.
const CAPACITY: usize = 256 * 1024;
const SMALL: usize = 1024;
/// The payload of one message upwards.
const MESSAGE: usize = 64 * 1024;
