//! Measures one contestant in one cell, in a process of its own.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::Result;
use crate::cell::Workload;
use crate::contestant::{Access, Contestant, NewRow, TpcB};
use crate::data::{ACCOUNTS, TELLERS};
use crate::digest::Digest;
use crate::usage::{Processor, peak_memory};

/// What a process is to measure, given to it as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) contestant: String,
    pub(crate) workload: Workload,
    pub(crate) size: usize,
    pub(crate) url: String,
    pub(crate) tasks: usize,
    pub(crate) connections: usize,
    /// How long to measure, unless `operations` are counted.
    pub(crate) milliseconds: u64,
    pub(crate) warm_milliseconds: u64,
    pub(crate) operations: Option<u64>,
}

/// What it has measured, said as JSON: times are microseconds an operation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) operations: u64,
    pub(crate) wall: f64,
    pub(crate) user: f64,
    pub(crate) system: f64,
    /// KiB.
    pub(crate) peak_memory: Option<u64>,
    pub(crate) digest: Digest,
    /// Operations from connecting on, measured or not.
    pub(crate) all_operations: u64,
}

/// Numbers that are the same in every run; xorshift, for its cost is nothing beside an operation.
struct Numbers(u64);

impl Numbers {
    fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn key(&mut self, size: u64) -> i64 {
        self.below(size).cast_signed() + 1
    }

    fn below_i32(&mut self, limit: u64) -> i32 {
        i32::try_from(self.below(limit)).unwrap_or(i32::MAX)
    }

    fn tpcb(&mut self, branches: u64) -> TpcB {
        TpcB {
            account: self.below_i32(ACCOUNTS * branches) + 1,
            branch: self.below_i32(branches) + 1,
            teller: self.below_i32(TELLERS * branches) + 1,
            delta: self.below_i32(10_001) - 5000,
        }
    }
}

/// Measures a contestant as the job says.
///
/// # Errors
/// If it cannot connect, or an operation fails.
pub(crate) fn run<C: Contestant>(job: &Job) -> Result<Measured> {
    if job.tasks > 1 {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        concurrent::<C>(&runtime, job)
    } else {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(sequential::<C>(job))
    }
}

fn access(job: &Job) -> Access {
    Access { url: job.url.clone(), connections: job.connections, workload: job.workload }
}

/// What operations of one task need.
struct Task<C> {
    contestant: C,
    workload: Workload,
    size: u64,
    rows: Vec<NewRow>,
    numbers: Numbers,
    done: u64,
}

impl<C: Contestant> Task<C> {
    async fn operate(&mut self) -> Result<Digest> {
        let revision = self.done;
        self.done += 1;
        let contestant = &mut self.contestant;
        match self.workload {
            Workload::Load => contestant.load().await,
            Workload::Join => contestant.join("black").await,
            Workload::Insert => contestant.insert(&self.rows).await,
            Workload::InsertWithoutIds => contestant.insert_without_ids(&self.rows).await,
            Workload::Posts => contestant.posts().await,
            Workload::Related => contestant.related().await,
            Workload::Together => contestant.together().await,
            Workload::ByKey => contestant.by_key(self.numbers.key(self.size)).await,
            // The second operation reads what the first has written, so that the digest tells whether it was.
            Workload::Change if revision < 2 => contestant.change(1, revision).await,
            Workload::Change => contestant.change(self.numbers.key(self.size), revision).await,
            Workload::Flush => contestant.flush(revision).await,
            Workload::Stream => contestant.stream().await,
            Workload::ByKeyPooled | Workload::TpcB => {
                Err("expected a workload of one task, found one of several".into())
            }
        }
    }
}

fn new_rows(workload: Workload, size: usize) -> Vec<NewRow> {
    let count = if matches!(workload, Workload::Insert | Workload::InsertWithoutIds) { size } else { 0 };
    let color = |row: usize| match row % 3 {
        0 => None,
        1 => Some("black".to_owned()),
        _ => Some("brown".to_owned()),
    };
    (0..count).map(|row| NewRow { name: format!("User {row}"), hair_color: color(row) }).collect()
}

async fn sequential<C: Contestant>(job: &Job) -> Result<Measured> {
    let contestant = C::connect(access(job)).await?;
    let rows = new_rows(job.workload, job.size);
    let (workload, size) = (job.workload, job.size as u64);
    let mut task = Task { contestant, workload, size, rows, numbers: Numbers::new(42), done: 0 };
    let mut digest = Digest::default();
    let began = Instant::now();
    if !workload.is_single() {
        for _ in 0..2 {
            digest.merge(task.operate().await?);
        }
        while job.operations.is_none() && began.elapsed() < Duration::from_millis(job.warm_milliseconds) {
            black_box(task.operate().await?);
        }
    }
    let limit = if workload.is_single() { Some(1) } else { job.operations };
    let before = task.done;
    let (used, began) = (Processor::of_this_process(), Instant::now());
    loop {
        let found = black_box(task.operate().await?);
        if workload.is_single() {
            digest = found;
        }
        let done = match limit {
            Some(limit) => task.done - before >= limit,
            None => began.elapsed() >= Duration::from_millis(job.milliseconds),
        };
        if done {
            break;
        }
    }
    let (wall, used) = (began.elapsed(), Processor::of_this_process().since(used));
    Ok(measured(task.done - before, task.done, wall, used, digest))
}

#[expect(clippy::cast_precision_loss, reason = "no run has so many operations")]
fn measured(
    operations: u64,
    all_operations: u64,
    wall: Duration,
    used: Processor,
    digest: Digest,
) -> Measured {
    let each = |duration: Duration| duration.as_secs_f64() * 1e6 / operations.max(1) as f64;
    Measured {
        operations,
        wall: each(wall),
        user: each(used.user),
        system: each(used.system),
        peak_memory: peak_memory(),
        digest,
        all_operations,
    }
}

fn concurrent<C: Contestant>(runtime: &Runtime, job: &Job) -> Result<Measured> {
    let contestant = Arc::new(runtime.block_on(runtime.spawn(C::connect(access(job))))??);
    let mut digest = Digest::default();
    if job.workload == Workload::ByKeyPooled {
        for id in [1, 2] {
            let contestant = Arc::clone(&contestant);
            digest.merge(runtime.block_on(async move { contestant.by_key_pooled(0, id).await })?);
        }
    }
    // Every connection is open and has its statements after this.
    let warm = phase(runtime, &contestant, job, Duration::from_millis(job.warm_milliseconds), 1000)?;
    let (used, began) = (Processor::of_this_process(), Instant::now());
    let operations = phase(runtime, &contestant, job, Duration::from_millis(job.milliseconds), 5000)?;
    let (wall, used) = (began.elapsed(), Processor::of_this_process().since(used));
    Ok(measured(operations, operations + warm, wall, used, digest))
}

/// Lets all tasks work for a time, and gives the number of operations they did.
fn phase<C: Contestant>(
    runtime: &Runtime,
    contestant: &Arc<C>,
    job: &Job,
    time: Duration,
    seed: u64,
) -> Result<u64> {
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let began = Instant::now();
    let task = |number: usize| {
        let (contestant, stop, done) = (Arc::clone(contestant), Arc::clone(&stop), Arc::clone(&done));
        let (workload, size) = (job.workload, job.size as u64);
        let mut numbers = Numbers::new(seed + number as u64);
        async move {
            while !stop.load(Ordering::Relaxed) {
                if workload == Workload::TpcB {
                    black_box(contestant.tpcb(number, numbers.tpcb(size)).await?);
                } else {
                    black_box(contestant.by_key_pooled(number, numbers.key(size)).await?);
                }
                done.fetch_add(1, Ordering::Relaxed);
                if began.elapsed() >= time {
                    stop.store(true, Ordering::Relaxed);
                }
            }
            Result::Ok(())
        }
    };
    if C::BLOCKS {
        let threads: Vec<_> = (0..job.tasks).map(task).collect();
        let threads = threads.into_iter().map(|task| {
            std::thread::spawn(|| Builder::new_current_thread().build().map(|runtime| runtime.block_on(task)))
        });
        for thread in threads.collect::<Vec<_>>() {
            thread.join().map_err(|_| "expected every thread to end, found one that panicked")???;
        }
    } else {
        let tasks: Vec<_> = (0..job.tasks).map(|number| runtime.spawn(task(number))).collect();
        for task in tasks {
            runtime.block_on(task)??;
        }
    }
    Ok(done.load(Ordering::Relaxed))
}
