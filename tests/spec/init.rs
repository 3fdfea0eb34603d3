//! `init`: what it writes, and that every answer is judged as the reader judges it.

use std::path::Path;
use std::process::Output;

use loadline::spec::{InitAnswers, commented, questions};

use crate::support::{read, set, sound};

fn answered(answers: &[(&str, &str)]) -> String {
    let questions = questions(&loadline::clouds::vocabulary());
    let mut taken = InitAnswers::default();
    for (id, answer) in answers {
        let question = questions.iter().find(|question| question.id == *id).unwrap();
        taken.answer(question, answer).unwrap();
    }
    commented(&taken)
}

fn loadline(folder: &Path, arguments: &[&str]) -> Output {
    assert_cmd::Command::cargo_bin("loadline")
        .unwrap()
        .current_dir(folder)
        .env_clear()
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn what_init_writes_is_read_back_with_the_answers() {
    let spec = sound(&answered(&[
        ("name", "exams"),
        ("users", "1200"),
        ("think", "12 s"),
        ("cpu", "8 ms"),
        ("queries", "5"),
        ("data", "80 GiB"),
        ("tasks", "3/s"),
        ("task-time", "20 s"),
        ("p95", "800 ms"),
        ("clouds", "gcp, azure, gcp"),
    ]));
    assert_eq!((spec.name.as_str(), spec.load.users.mid, spec.load.think_s.mid), ("exams", 1200.0, 12.0));
    assert_eq!((spec.requests[0].cpu_s.mid, spec.requests[0].queries.mid), (0.008, 5.0));
    assert_eq!(spec.database.unwrap().data_gib.mid, 80.0);
    assert_eq!((spec.tasks[0].rate_per_s.mid, spec.tasks[0].time_s.mid), (3.0, 20.0));
    assert!(spec.cache.is_some(), "the tasks need a queue");
    assert_eq!(spec.objectives.p95_s, Some(0.8));
    let clouds: Vec<&str> = spec.clouds.iter().map(|cloud| cloud.cloud.as_str()).collect();
    assert_eq!(clouds, ["gcp", "azure"]);
}

#[test]
fn without_queries_and_tasks_there_is_no_database_and_no_cache() {
    for none in ["0", "none", "None", "no", ""] {
        let spec = sound(&answered(&[("queries", none), ("tasks", none)]));
        assert!(spec.database.is_none() && spec.cache.is_none() && spec.tasks.is_empty(), "{none:?}");
    }
    let all = sound(&answered(&[("clouds", "all")]));
    assert_eq!(all.clouds.len(), 4);
}

#[test]
fn a_name_that_yaml_takes_for_something_else_is_quoted() {
    for name in ["null", "true", "false", "yes", "no", "on", "off", "y", "n"] {
        assert_eq!(sound(&answered(&[("name", name)])).name, name);
    }
}

#[test]
fn the_examples_in_comments_are_sound_as_well() {
    for answers in [vec![], vec![("tasks", "2/s")], vec![("queries", "0"), ("clouds", "aws")]] {
        let mut bare = String::new();
        for line in answered(&answers).lines() {
            let begin = line.find(|one| one != ' ').unwrap_or(0);
            let example = line[begin..].strip_prefix("# ").filter(|rest| {
                rest.split_once(':')
                    .is_some_and(|(key, _)| key.chars().all(|one| one.is_ascii_lowercase() || one == '_'))
            });
            match example {
                Some(rest) => bare += &format!("{}{rest}\n", &line[..begin]),
                None => bare += &format!("{line}\n"),
            }
        }
        assert!(bare.contains("\napp:") && bare.contains("\n  growth: 3 %/month"), "{bare}");
        sound(&bare);
    }
}

#[test]
fn comments_stand_in_one_column_and_lines_are_short() {
    let text = answered(&[("users", "1234567"), ("think", "0.25 min"), ("tasks", "2/s")]);
    let columns: Vec<usize> = text
        .lines()
        .filter(|line| line.starts_with("  ") && !line.trim_start().starts_with('#'))
        .filter_map(|line| line.find(" # ").map(|at| line[..at].chars().count()))
        .collect();
    assert!(columns.len() > 8 && columns.iter().all(|column| *column == columns[0]), "{columns:?}\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
}

#[test]
fn every_answer_is_judged_as_the_reader_judges_the_key() {
    let paths = [
        ("name", "name"),
        ("users", "load.users"),
        ("think", "load.think"),
        ("cpu", "requests[0].cpu"),
        ("data", "database.data"),
        ("p95", "objectives.p95"),
    ];
    let questions = questions(&loadline::clouds::vocabulary());
    for (id, path) in paths {
        let question = questions.iter().find(|question| question.id == id).unwrap();
        for answer in [
            "5", "5 ms", "5 GiB", "0", "-1", "x", "X y", "", "NaN", "1e308", "1,5 s", "5 ms # x", "[5]",
            "\"5\"", "a\nb: c", "a-b", "9 h", "5: 6",
        ] {
            if answer.contains(['\n', '#', '[', '"', ':']) {
                assert!(question.check(answer).is_err(), "{id}: {answer:?} would change the YAML around it");
                continue;
            }
            let reads = match set(path, answer) {
                Ok(_) => true,
                // The database needs no more than its data here.
                Err(errors) => errors.iter().all(|error| error.code == "contradiction"),
            };
            assert_eq!(question.check(answer).is_ok(), reads, "{id}: {answer:?}");
        }
    }
    for question in &questions {
        assert!(question.check(&question.default).is_ok(), "the default of {}", question.id);
        assert_eq!(question.check("\u{1b}[31m").map_err(|problem| problem.contains('\u{1b}')), Err(false));
    }
    let clouds = questions.last().unwrap();
    assert!(clouds.check("aws,azur").unwrap_err().contains("did you mean `azure`?"));
}

#[test]
fn a_refused_answer_changes_nothing() {
    let questions = questions(&loadline::clouds::vocabulary());
    let mut answers = InitAnswers::default();
    for question in &questions {
        assert!(answers.answer(question, "\u{1b}").is_err());
    }
    assert_eq!(answers, InitAnswers::default());
}

#[test]
fn only_questions_whose_answer_matters_are_asked() {
    let questions = questions(&loadline::clouds::vocabulary());
    let needed = |answers: &InitAnswers| -> Vec<&str> {
        questions.iter().filter(|question| answers.needs(question)).map(|question| question.id).collect()
    };
    let mut answers = InitAnswers::default();
    assert!(needed(&answers).contains(&"data") && !needed(&answers).contains(&"task-time"));
    for (id, answer) in [("queries", "0"), ("tasks", "2/s")] {
        answers.answer(questions.iter().find(|question| question.id == id).unwrap(), answer).unwrap();
    }
    assert!(!needed(&answers).contains(&"data") && needed(&answers).contains(&"task-time"));
}

#[test]
fn without_a_terminal_flags_and_defaults_answer() {
    let folder = tempfile::tempdir().unwrap();
    let output = loadline(folder.path(), &["init", "--answer", "users=500", "--answer", "name=exams"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty(), "stdout is for answers");
    assert!(text(&output.stderr).contains("wrote loadline.yaml"));
    let written = std::fs::read_to_string(folder.path().join("loadline.yaml")).unwrap();
    let spec = sound(&written);
    assert_eq!((spec.name.as_str(), spec.load.users.mid), ("exams", 500.0));
    let sized = loadline(folder.path(), &["size", "loadline.yaml", "--quick"]);
    assert_eq!(sized.status.code(), Some(0), "{}{}", text(&sized.stdout), text(&sized.stderr));
    let printed = loadline(folder.path(), &["init", "-", "--answer", "users=500", "--answer", "name=exams"]);
    assert_eq!(text(&printed.stdout), written);
}

#[test]
fn a_file_that_exists_is_kept_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.yaml");
    std::fs::write(&file, "precious").unwrap();
    let output = loadline(folder.path(), &["init", "mine.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: mine.yaml exists; it was not changed\nnext: name another file, or add --force to replace it\n"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
    assert_eq!(loadline(folder.path(), &["init", "mine.yaml", "--force"]).status.code(), Some(0));
    assert!(read(&std::fs::read_to_string(&file).unwrap()).is_ok());
}

#[test]
fn a_link_that_leads_nowhere_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.yaml");
    std::os::unix::fs::symlink("missing/target", &link).unwrap();
    assert_eq!(loadline(folder.path(), &["init", "link.yaml"]).status.code(), Some(1));
    assert_eq!(std::fs::read_link(&link).unwrap(), Path::new("missing/target"));
}

#[test]
fn wrong_answers_and_unknown_questions_are_usage_errors_and_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, wanted) in [
        (["init", "--answer", "cpu=5"], "`cpu` needs a unit: write `cpu: 5 ms`"),
        (["init", "--answer", "size=5"], "there is no question `size`"),
        (["init", "--answer", "users"], "write it as PATH=VALUE"),
        (["init", "missing/folder/x.yaml", "--yes"], "writing missing/folder/x.yaml"),
    ] {
        let output = loadline(folder.path(), &arguments);
        let code = if arguments.contains(&"--yes") { 1 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(text(&output.stderr).contains(wanted), "{}", text(&output.stderr));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_questions_are_listed_with_their_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let output = loadline(folder.path(), &["init", "--questions"]);
    let listed = text(&output.stdout);
    for question in questions(&loadline::clouds::vocabulary()) {
        let line = listed.lines().find(|line| line.split(' ').next() == Some(question.id)).unwrap();
        assert!(line.contains(question.text) && line.ends_with(&format!("[{}]", question.default)), "{line}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
