//! The databases of a run: one for each content of the tables, and a slow line to those that need one.

use orm_tests::{Database, Proxy};

use crate::cell::Cell;
use crate::data::Data;

/// The database of some cells.
pub(crate) struct Scene {
    data: Data,
    writes: bool,
    pub(crate) database: Database,
    /// Before the database, with the latency of a cell.
    slow: Option<Proxy>,
}

/// All databases of a run.
pub(crate) struct Stage(Vec<Scene>);

impl Stage {
    /// Makes and fills what these cells need.
    pub(crate) async fn create(cells: &[&'static Cell]) -> Stage {
        let mut scenes: Vec<Scene> = Vec::new();
        for cell in cells {
            let (data, writes) = (Data::of(cell), cell.workload.writes());
            let found = scenes.iter().position(|scene| scene.data == data && scene.writes == writes);
            let scene = match found {
                Some(found) => &mut scenes[found],
                None => {
                    scenes.push(Scene { data, writes, database: data.create().await, slow: None });
                    scenes.last_mut().expect("one was added")
                }
            };
            if let (Some(latency), None) = (cell.latency, &scene.slow) {
                let proxy = Proxy::start(scene.database.url()).await;
                proxy.delay(latency);
                scene.slow = Some(proxy);
            }
        }
        Stage(scenes)
    }

    /// The database of a cell that this was created with.
    pub(crate) fn scene(&self, cell: &Cell) -> &Scene {
        let (data, writes) = (Data::of(cell), cell.workload.writes());
        let found = self.0.iter().find(|scene| scene.data == data && scene.writes == writes);
        found.expect("the stage was created with this cell")
    }
}

impl Scene {
    /// Puts the tables back to what they were, where a contestant before has written.
    pub(crate) async fn reset(&self) {
        if self.writes {
            self.data.reset(&self.database).await;
        }
    }

    /// Where a contestant connects to.
    pub(crate) fn url(&self, cell: &Cell) -> &str {
        match (&self.slow, cell.latency) {
            (Some(proxy), Some(_)) => proxy.url(),
            _ => self.database.url(),
        }
    }
}
