//! What the operating system says this process has used.

#![allow(unsafe_code, reason = "the standard library has no getrusage and no scheduling policies")]

use std::mem::MaybeUninit;
use std::time::Duration;

/// Processor time, in user space and in the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Processor {
    pub(crate) user: Duration,
    pub(crate) system: Duration,
}

impl Processor {
    /// Of this process until now.
    pub(crate) fn of_this_process() -> Processor {
        Processor::read(libc::RUSAGE_SELF)
    }

    /// Of all processes this one has started and that have ended.
    pub(crate) fn of_ended_children() -> Processor {
        Processor::read(libc::RUSAGE_CHILDREN)
    }

    fn read(who: libc::c_int) -> Processor {
        let mut usage = MaybeUninit::<libc::rusage>::zeroed();
        // SAFETY: the pointer is valid for a rusage, of which all bit patterns are values.
        let usage = unsafe {
            libc::getrusage(who, usage.as_mut_ptr());
            usage.assume_init()
        };
        let duration = |time: libc::timeval| {
            let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
            Duration::from_secs(seconds)
                + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or_default())
        };
        Processor { user: duration(usage.ru_utime), system: duration(usage.ru_stime) }
    }

    pub(crate) fn since(self, earlier: Processor) -> Processor {
        Processor {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }
}

/// The most memory this process has had at a time, in KiB; `None` where `/proc` does not say.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Keeps every core from halting for as long as this process lives: in a virtual machine waking one costs more than a
/// whole query. The threads run only where nothing else wants the core. Says whether the system allows it.
#[cfg(target_os = "linux")]
pub(crate) fn keep_cores_awake() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = (0..cores).map(|_| {
        let (said, hears) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let idle = libc::sched_param { sched_priority: 0 };
            // SAFETY: the pointer is valid during the call; 0 is the calling thread.
            let allowed = unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const idle) } == 0;
            let _ = said.send(allowed);
            if allowed {
                loop {
                    std::hint::spin_loop();
                }
            }
        });
        hears.recv().unwrap_or(false)
    });
    // Not `all`, which would start no thread after one that is refused.
    threads.filter(|allowed| !allowed).count() == 0
}

/// Nothing can be done about it on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn keep_cores_awake() -> bool {
    false
}
