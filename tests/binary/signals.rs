//! What the service does when it is told to stop, and when it is not.

use super::{Running, spasmlog};
use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    time::Duration,
};

/// A request whose body never comes: the service waits for it when it is told to stop.
fn unfinished_request(service: &Running) -> TcpStream {
    let mut stream = TcpStream::connect(service.url.trim_start_matches("http://")).unwrap();
    let head = "POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{";
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

#[actix_web::test]
async fn a_stop_lets_a_running_request_finish_and_is_successful() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    service.sign_up().await;
    let mut stream = unfinished_request(&service);
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;

    service.signal("-TERM");
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;
    let rest = br#""email":"me@example.org","password":"correct horse battery"}"#;
    stream.write_all(rest).unwrap();
    stream.write_all(&vec![b' '; 90 - 1 - rest.len()]).unwrap();
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).unwrap();

    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    let (success, log) = service.wait();
    assert!(success);
    assert!(log.contains("stopped; every acknowledged write is kept"), "{log}");
}

#[actix_web::test]
async fn a_second_signal_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);
    let mut stream = unfinished_request(&service);
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;

    service.signal("-TERM");
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;
    service.signal("-TERM");

    let (success, log) = service.wait();
    assert!(!success, "{log}");
    assert!(log.contains("stopped at once"), "{log}");
    assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0, "the request that ran was not cut");
}

#[actix_web::test]
async fn a_hang_up_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let service = Running::start(folder.path(), &[]);

    service.signal("-HUP");

    service.sign_up().await;
    service.stop();
}

#[test]
fn a_program_without_a_database_prints_its_manual_its_completions_and_its_licences() {
    let folder = tempfile::tempdir().unwrap();
    let printed = |args: &[&str]| {
        let output = spasmlog().args(args).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(printed(&["completions", "bash"]).contains("--database-url"));
    let licences = printed(&["licences"]);
    for part in ["SQLite", "PostgreSQL", "OpenSSL", "actix-web", "SIL OPEN FONT LICENSE", "Swagger UI"] {
        assert!(licences.contains(part), "{part} is missing");
    }
    printed(&["manual", "pages"]);
    let page = folder.path().join("pages/spasmlog-backup.1");
    let shown = Command::new("cat").arg(page).output().unwrap();
    assert!(String::from_utf8(shown.stdout).unwrap().contains("while the service runs"));
}
