//! The driver with a machine that does as it is told. Needs a browser, no server.

use super::*;
use futures::StreamExt;
use futures::channel::mpsc;
use std::collections::VecDeque;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// Says what it hears, and does what it is given.
#[derive(Default)]
struct Echo {
    outputs: VecDeque<Output<Self>>,
    timeout: Option<Time>,
    /// Pieces of work that it has left, each longer than a slice.
    work: u32,
}

impl Echo {
    fn say(&mut self, words: impl Into<String>) {
        self.outputs.push_back(Output::Update(words.into()));
    }
}

impl Machine for Echo {
    type LinkId = u32;
    type Update = String;

    fn handle_connected(&mut self, link: u32, _now: Time) {
        self.say(format!("{link} connected"));
    }

    fn handle_input(&mut self, link: u32, bytes: &[u8], _now: Time) {
        self.say(format!("{link} {bytes:?}"));
    }

    fn handle_closed(&mut self, link: u32, close: LinkClose, _now: Time) {
        self.say(format!("{link} closed {}", close.code));
    }

    fn handle_timeout(&mut self, _now: Time) {
        self.timeout = None;
        self.say("timeout");
    }

    fn poll_output(&mut self) -> Option<Output<Self>> {
        self.outputs.pop_front()
    }

    fn poll_timeout(&self) -> Option<Time> {
        self.timeout
    }

    fn step(&mut self) -> bool {
        if self.work == 0 {
            return false;
        }
        let until = now() + SLICE + Duration::from_millis(2);
        while now() < until {}
        self.work -= 1;
        self.say(format!("{} pieces left", self.work));
        true
    }

    fn is_bulk(&self, link: u32) -> bool {
        link >= BULK
    }
}

/// Links from this number on carry what nobody waits for.
const BULK: u32 = 100;

/// A driver, and the batches that it hands over.
fn start() -> (Rc<Driver<Echo>>, mpsc::UnboundedReceiver<Vec<String>>) {
    let driver = Driver::new(Echo::default());
    let (tell, batches) = mpsc::unbounded();
    driver.set_sink(move |batch| {
        let _ = tell.unbounded_send(batch);
    });
    (driver, batches)
}

#[wasm_bindgen_test]
async fn one_input_is_one_batch() {
    let (driver, mut batches) = start();
    driver.feed(|echo, _| ["a", "b"].map(|words| echo.say(words)));
    driver.feed(|echo, _| echo.say("c"));
    assert_eq!(batches.next().await, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(batches.next().await, Some(vec!["c".to_owned()]));
}

#[wasm_bindgen_test]
async fn the_sink_may_feed_the_driver() {
    let (driver, mut batches) = start();
    let (tell, mut order) = mpsc::unbounded();
    let me = Rc::downgrade(&driver);
    driver.set_sink(move |batch: Vec<String>| {
        if batch == ["first"]
            && let Some(driver) = me.upgrade()
        {
            driver.feed(|echo, _| echo.say("second"));
        }
        let _ = tell.unbounded_send(batch);
    });
    driver.feed(|echo, _| echo.say("first"));
    assert_eq!(order.next().await, Some(vec!["first".to_owned()]));
    assert_eq!(order.next().await, Some(vec!["second".to_owned()]));
    assert!(batches.next().await.is_none(), "the sink that was replaced is gone");
}

#[wasm_bindgen_test]
async fn timeouts_come_and_not_before_their_time() {
    let (driver, mut batches) = start();
    let at = now() + Duration::from_millis(30);
    driver.feed(|echo, _| echo.timeout = Some(at));
    assert_eq!(batches.next().await, Some(vec!["timeout".to_owned()]));
    assert!(now() >= at);
}

#[wasm_bindgen(inline_js = "
const real = globalThis.setTimeout;
export function hasten(by) { globalThis.setTimeout = (call, millis) => real(call, millis - by); }
export function unhasten() { globalThis.setTimeout = real; }
")]
extern "C" {
    /// Every timer is this many milliseconds early. Firefox's are by a part of one.
    fn hasten(by: i32);
    fn unhasten();
}

#[wasm_bindgen_test]
async fn an_early_timer_is_set_again() {
    hasten(20);
    let (driver, mut batches) = start();
    let at = now() + Duration::from_millis(30);
    driver.feed(|echo, _| echo.timeout = Some(at));
    let batch = batches.next().await;
    unhasten();
    assert_eq!(batch, Some(vec!["timeout".to_owned()]));
    assert!(now() >= at);
}

#[wasm_bindgen_test]
async fn a_link_that_cannot_be_opened_is_closed() {
    for url in ["ws://127.0.0.1:1/imap", "no address at all:"] {
        let (driver, mut batches) = start();
        driver.feed(|echo, _| echo.outputs.push_back(Output::Connect { link: 7, url: url.to_owned() }));
        assert_eq!(batches.next().await, Some(vec!["7 closed 1006".to_owned()]), "{url}");
    }
}

#[wasm_bindgen_test]
async fn a_closed_driver_is_silent() {
    let (driver, mut batches) = start();
    driver.feed(|echo, now| {
        echo.outputs.push_back(Output::Connect { link: 7, url: "ws://127.0.0.1:1/imap".to_owned() });
        echo.timeout = Some(now);
    });
    driver.close();
    driver.feed(|echo, _| echo.say("nobody hears this"));
    assert_eq!(batches.next().await, None, "the sink is dropped, and with it the sender");
    assert_eq!(Rc::strong_count(&driver), 1, "nothing else keeps the driver");
}

#[wasm_bindgen(inline_js = "
const real = globalThis.WebSocket;
let socket;
let sockets = [];
export function play(buffered) {
  sockets = [];
  globalThis.WebSocket = class {
    bufferedAmount = buffered;
    sent = [];
    constructor() { socket = this; sockets.push(this); }
    send(bytes) { this.sent.push(bytes.length); }
    close() { this.sent.push('closed'); }
  };
}
export function unplay() { globalThis.WebSocket = real; }
export function drained() { socket.bufferedAmount = 0; }
export function sent() { return socket.sent.join(); }
export function receive(index, byte) { sockets[index].onmessage({ data: Uint8Array.of(byte).buffer }); }
")]
extern "C" {
    /// Puts a WebSocket that only takes notes in the browser's place.
    fn play(buffered_amount: f64);
    fn unplay();
    /// All that was sent is on its way.
    fn drained();
    /// The lengths of the messages, and whether it was closed.
    fn sent() -> String;
    /// One byte comes over the WebSocket that was opened as the n-th, from 0.
    fn receive(index: u32, byte: u8);
}

#[wasm_bindgen_test]
async fn large_data_waits_until_there_is_room() {
    play(2.0 * 1024.0 * 1024.0);
    let (driver, mut batches) = start();
    let transmit = |size| Output::Transmit { link: 7, bytes: vec![0; size] };
    driver.feed(|echo, _| {
        echo.outputs.push_back(Output::Connect { link: 7, url: String::new() });
        echo.outputs.extend([600 * 1024, 3].map(transmit));
    });
    assert_eq!(sent(), "");
    drained();
    // The outbox looks again some milliseconds later, before this timer of the machine's.
    driver.feed(|echo, now| echo.timeout = Some(now + Duration::from_millis(100)));
    batches.next().await;
    assert_eq!(sent(), "262144,262144,90112,3");
    unplay();
}

#[wasm_bindgen_test]
fn hanging_up_sends_what_still_waits() {
    play(2.0 * 1024.0 * 1024.0);
    let (driver, _batches) = start();
    driver.feed(|echo, _| {
        echo.outputs.push_back(Output::Connect { link: 7, url: String::new() });
        echo.outputs.push_back(Output::Transmit { link: 7, bytes: vec![0; 5] });
        echo.outputs.push_back(Output::Close { link: 7 });
    });
    assert_eq!(sent(), "5,closed");
    unplay();
}

/// Opens these links, in this order.
fn connect(driver: &Driver<Echo>, links: &[u32]) {
    let open = |link: &u32| Output::Connect { link: *link, url: String::new() };
    driver.feed(|echo, _| echo.outputs.extend(links.iter().map(open)));
}

#[wasm_bindgen_test]
async fn what_comes_over_a_socket_waits_for_its_turn_and_bulk_waits_longest() {
    play(0.0);
    let (driver, mut batches) = start();
    connect(&driver, &[BULK, 1]);
    receive(0, 7);
    receive(0, 8);
    receive(1, 9);
    driver.feed(|echo, _| echo.say("asked"));
    // What is asked comes first, and takes with it what waits, as far as there is time.
    let batch = batches.next().await;
    let expected = ["asked", "1 [9]", "100 [7]", "100 [8]"].map(str::to_owned);
    let mut told = batch.expect("updates");
    while told.len() < expected.len() {
        told.extend(batches.next().await.expect("updates"));
    }
    assert_eq!(told, expected);
    // By themselves they come as well.
    receive(1, 3);
    assert_eq!(batches.next().await, Some(vec!["1 [3]".to_owned()]));
    unplay();
}

#[wasm_bindgen_test]
async fn work_is_done_in_slices_and_what_is_asked_gets_in_between() {
    let (driver, mut batches) = start();
    driver.feed(|echo, _| echo.work = 3);
    assert_eq!(batches.next().await, Some(vec!["2 pieces left".to_owned()]));
    driver.feed(|echo, _| echo.say("asked"));
    assert_eq!(batches.next().await, Some(vec!["asked".to_owned(), "1 pieces left".to_owned()]));
    assert_eq!(batches.next().await, Some(vec!["0 pieces left".to_owned()]));
}

#[wasm_bindgen_test]
async fn what_a_link_said_that_is_hung_up_is_not_heard() {
    play(0.0);
    let (driver, mut batches) = start();
    connect(&driver, &[1, 2]);
    receive(0, 7);
    receive(1, 8);
    driver.feed(|echo, _| echo.outputs.push_back(Output::Close { link: 1 }));
    assert_eq!(batches.next().await, Some(vec!["2 [8]".to_owned()]));
    unplay();
}
