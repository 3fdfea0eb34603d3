//! The questions of `init`, and the specs that their answers make.

use loadline::clouds::vocabulary;
use loadline::sizing::{Effort, size};
use loadline::spec::{InitAnswers, Question, Spec, commented, questions};

use crate::support::{read, sound};

fn question(id: &str) -> Question {
    questions(&vocabulary()).into_iter().find(|question| question.id == id).unwrap()
}

fn text(given: &[(&str, &str)]) -> String {
    let mut answers = InitAnswers::default();
    for (id, answer) in given {
        answers.answer(&question(id), answer).unwrap();
    }
    commented(&answers)
}

fn spec(given: &[(&str, &str)]) -> Spec {
    sound(read(text(given)))
}

#[test]
fn the_defaults_make_a_spec_that_reads_and_carries_its_users() {
    let spec = spec(&[]);
    assert_eq!((spec.name.as_str(), spec.load.users.mid), ("my-app", 200.0));
    assert_eq!(spec.clouds.len(), 4, "all of them");
    assert!(spec.database.is_some() && spec.cache.is_none() && spec.tasks.is_empty());
    let sizing = size(&spec, &Effort::quick(), &|_| {});
    // 200 people, one request each 7 s, of 12 ms: 200 / 7.012 × 0.012 = 0.34 cores.
    assert!(sizing.load_line.users >= 200, "{}", sizing.load_line.users);
    assert!(sizing.requirements.app.busy_cores > 0.3 && sizing.requirements.app.busy_cores < 0.4);
}

#[test]
fn every_default_answer_is_one_that_its_own_question_takes() {
    for question in questions(&vocabulary()) {
        assert_eq!(question.check(&question.default), Ok(()), "{}", question.id);
    }
}

#[test]
fn every_answer_arrives_in_the_spec() {
    let spec = spec(&[
        ("name", "school-2"),
        ("users", "3000"),
        ("think", "12 s"),
        ("cpu", "8 ms"),
        ("queries", "4"),
        ("data", "60 GiB"),
        ("tasks", "2/s"),
        ("task-time", "30 s"),
        ("p95", "400 ms"),
        ("clouds", "gcp, aws"),
    ]);
    assert_eq!((spec.name.as_str(), spec.load.users.mid, spec.load.think_s.mid), ("school-2", 3000.0, 12.0));
    assert_eq!((spec.requests[0].cpu_s.mid, spec.requests[0].queries.mid), (0.008, 4.0));
    assert_eq!(spec.database.unwrap().data_gib.mid, 60.0);
    assert_eq!((spec.tasks[0].rate_per_s.mid, spec.tasks[0].time_s.mid), (2.0, 30.0));
    assert_eq!(spec.objectives.p95_s, Some(0.4));
    let clouds: Vec<&str> = spec.clouds.iter().map(|choice| choice.cloud.as_str()).collect();
    assert_eq!(clouds, ["gcp", "aws"]);
    assert!(spec.cache.is_some(), "the queue of the tasks needs one");
}

#[test]
fn no_queries_is_no_database_and_no_tasks_is_no_cache() {
    for none in ["0", "no", "none", ""] {
        let spec = spec(&[("queries", none), ("tasks", none)]);
        assert!(spec.database.is_none() && spec.cache.is_none() && spec.tasks.is_empty(), "{none:?}");
    }
}

#[test]
fn every_answer_is_judged_as_the_reader_judges_it() {
    for (id, answer, said) in [
        ("name", "Big School", "not a name"),
        ("users", "many", "not a number"),
        ("users", "0", "out of range"),
        ("users", "1_000", "write `users: 1000`"),
        ("think", "7", "`think: 7 ms`"),
        ("cpu", "-1 ms", "out of range"),
        ("cpu", "12 parsecs", "not a unit"),
        ("queries", "-3", "out of range"),
        ("data", "20", "needs a unit"),
        ("tasks", "2", "`rate: 2/s`"),
        ("tasks", "0/s", "out of range"),
        ("p95", "", "not a time"),
        ("clouds", "aws, gpc", "did you mean `gcp`?"),
        ("name", "x\u{1b}[31m", "not a name"),
        ("users", "5\nname: evil", "takes no unit"),
    ] {
        let question = question(id);
        let problem = question.check(answer).expect_err(answer);
        assert!(problem.contains(said), "{id}: {answer}: {problem}");
        assert!(!problem.contains(char::is_control), "{problem:?}");
        let mut answers = InitAnswers::default();
        assert_eq!(answers.answer(&question, answer), Err(problem));
        assert_eq!(answers, InitAnswers::default(), "nothing was taken");
    }
}

#[test]
fn an_answer_that_is_taken_is_taken_by_the_reader_as_well() {
    for (id, answer) in
        [("users", " 500 "), ("think", "0.5min"), ("cpu", "1e1 ms"), ("data", "2 TB"), ("clouds", "all")]
    {
        assert!(read(text(&[(id, answer)])).is_ok(), "{id}: {answer}");
    }
}

#[test]
fn the_comments_stand_in_one_column_and_fit_the_screen() {
    for given in
        [vec![], vec![("users", "1234567"), ("tasks", "2/s"), ("think", "123456 ms"), ("clouds", "aws")]]
    {
        let text = text(&given);
        for line in text.lines().skip_while(|line| line.starts_with('#')) {
            let column = line.rfind(" # ").filter(|at| !line[..*at].trim().is_empty()).map(|at| at + 1);
            assert!(column.is_none_or(|column| column == 24), "{line}");
        }
        assert!(text.lines().skip(2).all(|line| line.chars().count() <= 90), "{text}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains("\n\n\n"), "{text}");
    }
}

#[test]
fn every_key_in_a_comment_can_be_taken_out_of_it() {
    let text = text(&[("tasks", "2/s")]);
    let mut seen = 0;
    for line in text.lines().filter(|line| line.trim_start().starts_with("# ") && line.contains(": ")) {
        if line.starts_with("# What") || line.starts_with("# Any") {
            continue;
        }
        let free = text.replacen(line, &line.replacen("# ", "", 1), 1);
        assert!(read(&free).is_ok(), "{line}");
        seen += 1;
    }
    assert!(seen >= 6, "only {seen} keys in comments");
}
