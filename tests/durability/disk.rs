//! The disk fails: it loses its power, answers with errors, or has no room left.

use crate::{
    Climbed,
    ledger::{Ledger, Person, Stop, read_on},
    service::{Service, check, has, is_root, run},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

/// A file system of our own; unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    fn new(folder: &Path, how: &[&str]) -> Self {
        fs::create_dir_all(folder).unwrap();
        run(Command::new("mount").args(how).arg(folder));
        Self(folder.to_owned())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).output());
    }
}

/// Shuts a file system down at once, with nothing written that was not: EXT4_IOC_SHUTDOWN without flushing
/// the journal. Perl is on every Debian, and Rust cannot do it without `unsafe`.
fn pull_the_plug(folder: &Path) {
    const SHUTDOWN: &str = r#"open(my $d, "<", $ARGV[0]) or die $!; my $how = pack("L", 2);
        ioctl($d, 0x8004587D, $how) or die "EXT4_IOC_SHUTDOWN: $!";"#;
    run(Command::new("perl").args(["-e", SHUTDOWN]).arg(folder));
}

/// The power is cut under load; what the file system had not written is gone.
pub(crate) fn power_cut(is_long: bool) -> Climbed {
    if !is_root() {
        return Err("takes root, to mount a file system of its own and shut it down".to_owned());
    }
    let rounds = if is_long { 50 } else { 3 };
    let folder = tempfile::tempdir().unwrap();
    let (image, place) = (folder.path().join("image"), folder.path().join("mounted"));
    run(Command::new("truncate").args(["-s", "256M"]).arg(&image));
    run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image));
    let how = ["-o", "loop", image.to_str().unwrap()];
    let mounted =
        Command::new("mount").args(how).arg(fs::create_dir(&place).map(|()| &place).unwrap()).output();
    let mounted = mounted.unwrap();
    if !mounted.status.success() {
        return Err(format!("no loop device: {}", String::from_utf8_lossy(&mounted.stderr).trim()));
    }
    let mut mount = Mount(place.clone());
    let data = place.join("data");
    let mut service = Service::start(&data, &[]);
    let mut people =
        vec![Person::new(&service.url, "a@example.org"), Person::new(&service.url, "b@example.org")];
    let mut cursors = vec![String::new(); 2];
    let mut random = fastrand::Rng::with_seed(11);
    let mut acknowledged = 0;
    for _ in 0..rounds {
        let ledger = Ledger::default();
        let url = service.url.clone();
        let over = AtomicBool::new(false);
        let pause = Duration::from_millis(random.u64(100..900));
        thread::scope(|scope| {
            let stop = Stop(&over);
            scope.spawn(|| ledger.load(&people, &[&url], &over, true));
            thread::sleep(pause);
            // With the power the process would be gone; here it lives on for a moment, in which an fsync that
            // meets the shutdown is told 0 (seen on Linux 6.18). What it acknowledges then was never sent.
            ledger.cut.store(true, Ordering::SeqCst);
            pull_the_plug(&place);
            drop(stop);
        });
        service.kill();
        drop(mount);
        mount = Mount::new(&place, &how);
        service = Service::start(&data, &[]);
        people.iter_mut().for_each(|person| person.again(&service.url));
        ledger.compare(&read_on(&people, &service.url, &mut cursors));
        acknowledged += ledger.count();
        check(&data, &[]);
    }
    service.kill();
    drop(mount);
    assert!(acknowledged > rounds, "{acknowledged} writes prove little");
    Ok(format!("power cut: {rounds} cuts, {acknowledged} acknowledged, 0 missing, check clean"))
}

/// Calls to the disk fail by chance; once they do not, the service goes on without help.
pub(crate) fn io_errors(is_long: bool) -> Climbed {
    if !has("fiu-run") || !has("fiu-ctrl") {
        return Err("takes fiu-run and fiu-ctrl (Debian: fiu-utils)".to_owned());
    }
    let seconds = if is_long { 20 } else { 2 };
    let folder = tempfile::tempdir().unwrap();
    let pipes = folder.path().join("fiu");
    let mut command = Command::new("fiu-run");
    command.arg("-x").arg("-f").arg(&pipes).arg(env!("CARGO_BIN_EXE_spasmlog"));
    let data = folder.path().join("data");
    let service = Service::start_under(command, &data, &[]);
    let control = |order: &str| {
        let process = format!("{}", service.id());
        run(Command::new("fiu-ctrl").arg("-f").arg(&pipes).args(["-c", order, &process]));
    };
    let people = [Person::new(&service.url, "a@example.org"), Person::new(&service.url, "b@example.org")];
    let mut cursors = vec![String::new(); 2];
    let (mut acknowledged, mut refused) = (0, Vec::new());
    // Reading and opening fail together with writing: a connection that failed is opened anew.
    const ROWS: [(&str, &[&str], &str); 3] = [
        ("fsync", &["posix/io/sync/*"], "0.3"),
        ("write", &["posix/io/rw/pwrite*"], "0.2"),
        (
            "all",
            &["posix/io/sync/*", "posix/io/rw/pwrite*", "posix/io/rw/pread*", "posix/io/oc/open*"],
            "0.1",
        ),
    ];
    for (name, points, chance) in ROWS {
        let ledger = Ledger::default();
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let stop = Stop(&over);
            scope.spawn(|| ledger.load(&people, &[&service.url], &over, true));
            thread::sleep(Duration::from_millis(300));
            for point in points {
                control(&format!("enable_random name={point},probability={chance}"));
            }
            thread::sleep(Duration::from_secs(seconds));
            points.iter().for_each(|point| control(&format!("disable name={point}")));
            // It has to go on by itself while the load does.
            let (before, began) = (ledger.count(), Instant::now());
            while ledger.count() < before + 20 {
                assert!(began.elapsed() < Duration::from_secs(20), "{name}: it did not recover");
                thread::sleep(Duration::from_millis(20));
            }
            drop(stop);
        });
        ledger.compare(&read_on(&people, &service.url, &mut cursors));
        check(&data, &[]);
        acknowledged += ledger.count();
        assert!(ledger.refused() > 0, "{name}: no error ever reached the service");
        refused.push(format!("{} by {name}", ledger.refused()));
    }
    drop(service);
    Ok(format!(
        "I/O errors: {acknowledged} acknowledged, 0 missing, check clean, went on by itself; refused {}",
        refused.join(", ")
    ))
}

/// The disk is full: writes are refused with 507, reads go on, and when there is room again so do the writes.
pub(crate) fn full(_is_long: bool) -> Climbed {
    if !is_root() {
        return Err("takes root, to mount a small tmpfs".to_owned());
    }
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("small");
    let _mount = Mount::new(&place, &["-t", "tmpfs", "-o", "size=24m", "tmpfs"]);
    let data = place.join("data");
    let service = Service::start(&data, &[]);
    let people = [Person::new(&service.url, "a@example.org"), Person::new(&service.url, "b@example.org")];
    let mut cursors = vec![String::new(); 2];
    let ready =
        || people[0].send("GET", &format!("{}/readyz", service.url), None, None).unwrap().status().as_u16();
    assert_eq!(ready(), 200);
    let ballast = place.join("ballast");
    fs::write(&ballast, vec![0; 21 << 20]).unwrap();

    let ledger = Ledger::default();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let stop = Stop(&over);
        scope.spawn(|| ledger.load(&people, &[&service.url], &over, true));
        let wait_for = |what: &str, is_so: &dyn Fn() -> bool| {
            let began = Instant::now();
            while !is_so() {
                assert!(began.elapsed() < Duration::from_secs(60), "{what}: {:?}", ledger.answers);
                thread::sleep(Duration::from_millis(20));
            }
        };
        wait_for("507", &|| ledger.answered(507) > 20);
        // What it found out is good for a second.
        wait_for("unready with a full disk", &|| ready() == 503);
        people[0].get(&format!("{}/v1/pain-scores?limit=200", service.url));
        // Room again, without a word to the service.
        fs::remove_file(&ballast).unwrap();
        let before = ledger.count();
        wait_for("writes again", &|| ledger.count() > before + 20);
        wait_for("ready again", &|| ready() == 200);
        drop(stop);
    });

    let odd: Vec<u16> = ledger
        .answers
        .lock()
        .unwrap()
        .keys()
        .copied()
        .filter(|s| ![200, 201, 204, 507].contains(s))
        .collect();
    assert!(odd.is_empty(), "a full disk was also answered with {odd:?}");
    ledger.compare(&read_on(&people, &service.url, &mut cursors));
    check(&data, &[]);
    Ok(format!(
        "disk full: {} acknowledged, 0 missing, {} times 507 and nothing else, unready meanwhile, reads went on, writes came back by themselves",
        ledger.count(),
        ledger.answered(507)
    ))
}
