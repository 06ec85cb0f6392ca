//! Finds the installed PostgreSQL server programs.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Folders that hold a folder for each installed version: where, how the version's folder begins, and where in it
/// the programs are.
const USUAL: [(&str, &str, &str); 5] = [
    ("usr/lib/postgresql", "", "bin"),
    ("usr", "pgsql-", "bin"),
    ("opt/homebrew/opt", "postgresql", "bin"),
    ("usr/local/opt", "postgresql", "bin"),
    ("Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The folder of the installed PostgreSQL server programs: the one on `PATH`, else the newest version in the
/// directories where packages put them.
pub fn installed_programs() -> Option<PathBuf> {
    find(&env::var_os("PATH").unwrap_or_default(), Path::new("/"))
}

fn find(path: &OsStr, root: &Path) -> Option<PathBuf> {
    let usual = USUAL.iter().flat_map(|(parent, prefix, programs)| {
        newest_first(&root.join(parent), prefix).into_iter().map(move |version| version.join(programs))
    });
    env::split_paths(path).chain(usual).find(|folder| has_programs(folder))
}

fn has_programs(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

fn newest_first(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(Vec<u32>, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = numbers(entry.file_name().to_str()?.strip_prefix(prefix)?);
            Some((version, entry.path()))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The numbers of a version: 9 and 6 of `9.6`, 17 of `@17`, none of `latest`.
fn numbers(version: &str) -> Vec<u32> {
    version.split(|character: char| !character.is_ascii_digit()).flat_map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::find;
    use std::ffi::OsStr;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A root folder with PostgreSQL programs in some of its folders, removed on drop.
    struct Root(PathBuf);

    impl Root {
        fn with(name: &str, folders: &[&str]) -> Root {
            let root = std::env::temp_dir().join(format!("orm-find-{}-{name}", std::process::id()));
            for folder in folders {
                fs::create_dir_all(root.join(folder)).expect("folder");
                for program in ["initdb", "pg_ctl", "postgres"] {
                    fs::write(root.join(folder).join(program), "").expect("program");
                }
            }
            Root(root)
        }

        fn find(&self, path: &Path) -> Option<PathBuf> {
            let found = find(path.as_os_str(), &self.0)?;
            Some(found.strip_prefix(&self.0).expect("below the root").to_path_buf())
        }
    }

    impl Drop for Root {
        fn drop(&mut self) {
            // A folder left in the temporary directory harms nobody.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn path_comes_before_the_usual_folders() {
        let root = Root::with("path", &["mine", "usr/lib/postgresql/17/bin"]);
        assert_eq!(root.find(&root.0.join("mine")), Some(PathBuf::from("mine")));
    }

    #[test]
    fn newest_version_comes_first() {
        let root = Root::with("newest", &["usr/lib/postgresql/9.6/bin", "usr/lib/postgresql/17/bin"]);
        assert_eq!(root.find(Path::new("")), Some(PathBuf::from("usr/lib/postgresql/17/bin")));
    }

    #[test]
    fn version_may_follow_a_prefix() {
        let root = Root::with(
            "prefix",
            &["opt/homebrew/opt/postgresql@9/bin", "opt/homebrew/opt/postgresql@18/bin"],
        );
        assert_eq!(root.find(Path::new("")), Some(PathBuf::from("opt/homebrew/opt/postgresql@18/bin")));
    }

    #[test]
    fn folder_without_all_programs_is_passed_over() {
        let root = Root::with("part", &["usr/pgsql-17/bin", "usr/pgsql-18/bin"]);
        fs::remove_file(root.0.join("usr/pgsql-18/bin/initdb")).expect("removed");
        assert_eq!(root.find(Path::new("")), Some(PathBuf::from("usr/pgsql-17/bin")));
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert_eq!(find(OsStr::new(""), Path::new("/nowhere")), None);
    }
}
