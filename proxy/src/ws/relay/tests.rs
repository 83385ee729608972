//! The relay on a virtual clock, between two pipes in memory.

use std::time::Duration;

use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf, duplex};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio::time::sleep;

use super::*;
use crate::ws::frame::tests::frame;

/// A relay in a task, with the far ends of both its sides in hand.
struct Bench {
    client: DuplexStream,
    server: DuplexStream,
    /// What the system knows of the client.
    hang_up: Arc<Mutex<HangUp>>,
    stop: CancellationToken,
    relay: JoinHandle<Summary>,
}

/// The relay's end of the client's pipe.
struct NearClient {
    pipe: DuplexStream,
    hang_up: Arc<Mutex<HangUp>>,
}

impl ClientStream for NearClient {
    fn hang_up(&self) -> HangUp {
        *self.hang_up.lock().unwrap()
    }
}

impl AsyncRead for NearClient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        space: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(context, space)
    }
}

impl AsyncWrite for NearClient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(context)
    }
}

impl Bench {
    fn new() -> Self {
        Self::with(b"", b"")
    }

    fn with(early: &[u8], greeting: &[u8]) -> Self {
        let (client, near_client) = duplex(PIPE);
        let (server, near_server) = duplex(PIPE);
        let stop = CancellationToken::new();
        let traffic = Arc::default();
        let settings = settings(early, greeting, &traffic);
        let hang_up = Arc::new(Mutex::new(HangUp::None));
        let near_client = NearClient { pipe: near_client, hang_up: Arc::clone(&hang_up) };
        let relay = Relay::new(near_client, near_server, &settings);
        let token = stop.clone();
        let relay = tokio::spawn(async move { relay.run(&token).await });
        Self { client, server, hang_up, stop, relay }
    }

    /// What the client gets next, in this many bytes.
    async fn client_gets(&mut self, expected: &[u8]) {
        assert_eq!(read_exactly(&mut self.client, expected.len()).await, expected);
    }

    async fn server_gets(&mut self, expected: &[u8]) {
        assert_eq!(read_exactly(&mut self.server, expected.len()).await, expected);
    }

    async fn server_sees_the_end(&mut self) {
        assert_eq!(self.server.read(&mut [0; 8]).await.unwrap(), 0);
    }

    /// A Close frame with this code, then nothing.
    async fn client_gets_close(&mut self, reason: Reason) {
        let mut close = Vec::new();
        put_control(&mut close, close_frame(reason));
        self.client_gets(&close).await;
    }

    async fn client_sends(&mut self, frame: &[u8]) {
        self.client.write_all(frame).await.unwrap();
    }

    async fn ended(self) -> Summary {
        self.relay.await.unwrap()
    }
}

fn settings<'a>(early: &'a [u8], greeting: &'a [u8], traffic: &'a Arc<Traffic>) -> RelaySettings<'a> {
    RelaySettings { deadlines: Deadlines::default(), early, greeting, down: Capacity::Records, traffic }
}

async fn read_exactly(stream: &mut DuplexStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

fn close() -> Vec<u8> {
    frame(0x88, &1000_u16.to_be_bytes())
}

#[tokio::test(start_paused = true)]
async fn carries_both_ways_and_counts() {
    let mut bench = Bench::with(&frame(0x82, b"early "), b"* OK\r\n");
    bench.client_gets(b"\x82\x06* OK\r\n").await;
    bench.client_sends(&frame(0x82, b"a NOOP\r\n")).await;
    bench.server_gets(b"early a NOOP\r\n").await;
    bench.server.write_all(b"a OK\r\n").await.unwrap();
    bench.client_gets(b"\x82\x06a OK\r\n").await;
    bench.client_sends(&close()).await;
    bench.server_sees_the_end().await;
    drop(bench.server);
    let summary = bench.relay.await.unwrap();
    assert_eq!((summary.reason, summary.up, summary.down), (Reason::Closed, 14, 12));
}

#[tokio::test(start_paused = true)]
async fn the_servers_end_drains_to_the_client() {
    let mut bench = Bench::new();
    bench.server.write_all(b"* BYE\r\n").await.unwrap();
    bench.server.shutdown().await.unwrap();
    bench.client_gets(b"\x82\x07* BYE\r\n").await;
    bench.client_gets_close(Reason::Closed).await;
    // The other direction is still open until the client ends it.
    bench.client_sends(&frame(0x82, b"late")).await;
    bench.server_gets(b"late").await;
    bench.client_sends(&close()).await;
    bench.server_sees_the_end().await;
    assert_eq!(bench.ended().await.reason, Reason::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_clients_end_drains_to_the_server() {
    for end in [close(), Vec::new()] {
        let mut bench = Bench::new();
        bench.client_sends(&[frame(0x82, b"a LOGOUT\r\n"), end.clone()].concat()).await;
        if end.is_empty() {
            bench.client.shutdown().await.unwrap();
        }
        bench.server_gets(b"a LOGOUT\r\n").await;
        bench.server_sees_the_end().await;
        bench.server.write_all(b"a OK\r\n").await.unwrap();
        bench.server.shutdown().await.unwrap();
        bench.client_gets(b"\x82\x06a OK\r\n").await;
        bench.client_gets_close(Reason::Closed).await;
        assert_eq!(bench.ended().await.reason, Reason::Closed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_side_that_does_not_end_is_cut_at_the_deadline() {
    // The client does not answer our Close.
    let start = Instant::now();
    let mut bench = Bench::new();
    bench.server.shutdown().await.unwrap();
    bench.client_gets_close(Reason::Closed).await;
    bench.relay.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 10);

    // The server does not follow the client; the client still gets its Close.
    let start = Instant::now();
    let mut bench = Bench::new();
    bench.client_sends(&close()).await;
    bench.client_gets_close(Reason::Closed).await;
    bench.relay.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_refused_frame_ends_it_after_the_good_ones() {
    for (bad, reason) in [
        (frame(0x81, b"text"), Reason::TextRefused),
        (frame(0x82, &vec![0; 1024 * 1024 + 1])[..20].to_vec(), Reason::TooBig),
        (frame(0x83, b"?"), Reason::Protocol),
    ] {
        let mut bench = Bench::new();
        bench.client_sends(&[frame(0x82, b"good"), bad].concat()).await;
        bench.server_gets(b"good").await;
        bench.server_sees_the_end().await;
        bench.client_gets_close(reason).await;
        // Our end of the connection is shut, and what the client still sends is read away.
        assert_eq!(bench.client.read(&mut [0; 8]).await.unwrap(), 0);
        bench.client_sends(&vec![0; 3 * PIPE]).await;
        bench.client.shutdown().await.unwrap();
        assert_eq!(bench.ended().await.reason, reason);
    }
}

#[tokio::test(start_paused = true)]
async fn p12_a_client_that_answers_pings_is_never_cut() {
    let start = Instant::now();
    let mut bench = Bench::new();
    for _ in 0..144 {
        bench.client_gets(b"\x89\x00").await;
        bench.client_sends(&frame(0x8a, b"")).await;
    }
    assert_eq!(start.elapsed().as_secs(), 144 * 25);
    assert!(!bench.relay.is_finished());
}

#[tokio::test(start_paused = true)]
async fn p12_a_client_that_does_not_answer_is_cut() {
    let start = Instant::now();
    let mut bench = Bench::new();
    bench.client_gets(b"\x89\x00\x89\x00\x89\x00").await;
    bench.client_gets_close(Reason::Idle).await;
    assert_eq!(start.elapsed().as_secs(), 25 + 60);
    assert_eq!(bench.ended().await.reason, Reason::Idle);
}

#[tokio::test(start_paused = true)]
async fn a_client_whose_pongs_wait_behind_a_full_server_is_not_cut() {
    let mut bench = Bench::new();
    let message = frame(0x82, &vec![b'x'; 512 * 1024]);
    let (mut reader, mut writer) = tokio::io::split(bench.client);
    let sending = tokio::spawn(async move {
        writer.write_all(&message).await.unwrap();
        writer
    });
    // A server that is slow, but not dead: it takes a byte between two pings.
    for _ in 0..6 {
        let mut ping = [0; 2];
        reader.read_exact(&mut ping).await.unwrap();
        assert_eq!(&ping, b"\x89\x00");
        read_exactly(&mut bench.server, 1).await;
    }
    assert_eq!(read_exactly(&mut bench.server, 512 * 1024 - 6).await, vec![b'x'; 512 * 1024 - 6]);
    sending.await.unwrap();
    assert!(!bench.relay.is_finished());
}

/// Fills the pipes to a server that takes nothing. What the client sends behind that stays unread.
async fn fill_server(bench: &mut Bench) {
    bench.client_sends(&frame(0x02, b"")).await;
    push_until_stuck(&mut bench.client, &frame(0x00, &[b'x'; 4096])).await;
}

/// How long a relay lasts whose server takes nothing, and how it ends, if `go` is what its client does.
async fn check_stalled(go: impl AsyncFnOnce(&mut Bench), expected: Reason, seconds: std::ops::Range<u64>) {
    let mut bench = Bench::new();
    fill_server(&mut bench).await;
    let start = Instant::now();
    go(&mut bench).await;
    let Bench { relay, client: _client, server: _server, .. } = bench;
    let summary = relay.await.unwrap();
    let elapsed = start.elapsed().as_secs();
    assert!(summary.reason == expected && seconds.contains(&elapsed), "{:?} {elapsed}", summary.reason);
}

#[tokio::test(start_paused = true)]
async fn p11_a_silent_client_of_a_server_that_takes_nothing_is_let_go() {
    check_stalled(async |_| {}, Reason::Stalled, 59..62).await;
}

#[tokio::test(start_paused = true)]
async fn p11_a_client_that_finished_is_let_go_while_its_server_takes_nothing() {
    let finish = async |bench: &mut Bench| *bench.hang_up.lock().unwrap() = HangUp::Finished;
    check_stalled(finish, Reason::Closed, 10..13).await;
}

#[tokio::test(start_paused = true)]
async fn p11_a_client_that_is_gone_is_let_go_at_once_while_its_server_takes_nothing() {
    let go = async |bench: &mut Bench| *bench.hang_up.lock().unwrap() = HangUp::Gone;
    check_stalled(go, Reason::Closed, 0..2).await;
}

#[tokio::test(start_paused = true)]
async fn p11_a_close_frame_behind_unread_bytes_is_found_when_the_server_is_given_up() {
    let mut bench = Bench::new();
    fill_server(&mut bench).await;
    let start = Instant::now();
    let (mut reader, mut writer) = tokio::io::split(bench.client);
    // It waits until the relay reads again.
    let closing = tokio::spawn(async move {
        writer.write_all(&[frame(0x00, &[b'x'; 3 * PIPE]), close()].concat()).await.unwrap();
        writer
    });
    let mut told = Vec::new();
    reader.read_to_end(&mut told).await.unwrap();
    assert!(told.ends_with(&Reason::Stalled.text().into_bytes()), "{told:02x?}");
    closing.await.unwrap();
    // Nothing more is waited for: the client has said its Close.
    assert!((59..61).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(bench.relay.await.unwrap().reason, Reason::Stalled);
}

#[tokio::test(start_paused = true)]
async fn p11_a_server_that_takes_a_byte_now_and_then_is_given_up_later() {
    let start = Instant::now();
    let mut bench = Bench::new();
    fill_server(&mut bench).await;
    while !bench.relay.is_finished() {
        let _ = bench.server.read(&mut [0]).await.unwrap();
        sleep(Duration::from_secs(20)).await;
    }
    assert_eq!(bench.relay.await.unwrap().reason, Reason::Stalled);
    assert!((240..280).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p11_a_server_that_takes_bytes_again_in_time_loses_none() {
    let mut bench = Bench::new();
    let payload: Vec<u8> = (0..=255).cycle().take(256 * 1024).collect();
    let message = frame(0x82, &payload);
    let (_reader, mut writer) = tokio::io::split(bench.client);
    let sending = tokio::spawn(async move {
        writer.write_all(&message).await.unwrap();
        writer
    });
    // Each time almost as long as it may.
    for piece in payload.chunks(64 * 1024) {
        sleep(Duration::from_secs(58)).await;
        assert_eq!(read_exactly(&mut bench.server, piece.len()).await, piece);
    }
    sending.await.unwrap();
    assert!(!bench.relay.is_finished());
}

#[tokio::test(start_paused = true)]
async fn p12_a_client_that_takes_nothing_and_says_nothing_is_cut() {
    let mut bench = Bench::new();
    push_until_stuck(&mut bench.server, &[b'x'; 4096]).await;
    let start = Instant::now();
    let Bench { relay, client: _client, server: _server, .. } = bench;
    assert_eq!(relay.await.unwrap().reason, Reason::Idle);
    assert!((59..61).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p12_a_client_that_takes_nothing_for_now_and_is_heard_is_not_cut() {
    let mut bench = Bench::new();
    push_until_stuck(&mut bench.server, &[b'x'; 4096]).await;
    for _ in 0..10 {
        sleep(Duration::from_secs(50)).await;
        bench.client_sends(&frame(0x8a, b"")).await;
    }
    assert!(!bench.relay.is_finished());
}

#[tokio::test(start_paused = true)]
async fn p13_a_client_that_finished_and_takes_nothing_is_let_go() {
    let mut bench = Bench::new();
    push_until_stuck(&mut bench.server, &[b'x'; 4096]).await;
    let start = Instant::now();
    bench.client_sends(&close()).await;
    let Bench { relay, client: _client, server: _server, .. } = bench;
    relay.await.unwrap();
    assert!((10..13).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_stalled_side_holds_one_buffer() {
    // A server that sends without end to a client that reads nothing, and the other way round.
    let mut bench = Bench::new();
    let sent = push_until_stuck(&mut bench.server, &[b'x'; 4096]).await;
    assert!(sent <= Capacity::Segment.bytes() + 2 * PIPE, "{sent}");
    bench.client_sends(&frame(0x02, b"")).await;
    let sent = push_until_stuck(&mut bench.client, &frame(0x00, &[b'x'; 4096])).await;
    assert!(sent <= Capacity::Segment.bytes() + 2 * PIPE, "{sent}");
}

/// Writes until nothing more is taken for a virtual second; returns how much was.
async fn push_until_stuck(stream: &mut DuplexStream, piece: &[u8]) -> usize {
    let mut sent = 0;
    while let Ok(result) = tokio::time::timeout(Duration::from_secs(1), stream.write_all(piece)).await {
        result.unwrap();
        sent += piece.len();
        assert!(sent < 100 * Capacity::Segment.bytes(), "never stuck");
    }
    sent
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_holds_no_buffer() {
    let (_client, near_client) = duplex(PIPE);
    let (_server, near_server) = duplex(PIPE);
    let traffic = Arc::default();
    let near_client = NearClient { pipe: near_client, hang_up: Arc::new(Mutex::new(HangUp::None)) };
    let mut relay = Relay::new(near_client, near_server, &settings(b"", b"", &traffic));
    poll_fn(|context| {
        assert!(relay.poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    assert!(!relay.up.is_held() && !relay.down.is_held());
}

#[tokio::test(start_paused = true)]
async fn a_drain_tells_the_client_to_reconnect() {
    let mut bench = Bench::new();
    bench.stop.cancel();
    bench.client_gets_close(Reason::GoingAway).await;
    // What the client had under way still reaches the server.
    bench.client_sends(&[frame(0x82, b"a LOGOUT\r\n"), close()].concat()).await;
    bench.server_gets(b"a LOGOUT\r\n").await;
    bench.server_sees_the_end().await;
    assert_eq!(bench.ended().await.reason, Reason::GoingAway);
}

const PIPE: usize = 1024;
