//! Says the URL of a test server and keeps the server until a line is read: a place to try things with `psql`.

use std::io::{Write, stdin, stdout};

fn main() {
    println!("{}", orm_tests::server().url());
    // Standard output may be a pipe, whose reader waits for this line.
    stdout().flush().expect("standard output is open");
    let mut line = String::new();
    stdin().read_line(&mut line).expect("standard input is text");
    assert!(line.trim() != "panic", "asked to panic");
}
