//! `lint`: files of a deployment held against each other.

mod disk;

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::exit::{Exit, Failure};
use super::input::{self, SpecArgs};
use super::screen::Screen;
use crate::lint::{self, Context, Input, Kind, Linted, Rule, Severity, Unreadable};
use crate::report;
use crate::spec::Spec;
use disk::Disk;

/// Arguments of `lint`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// Compose files, nginx.conf, my.cnf, redis.conf: all files of one deployment
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath, required_unless_present_any = ["explain", "kinds"])]
    files: Vec<PathBuf>,
    /// A file whose kind its name does not tell, such as `--as nginx:proxy.txt`: compose, nginx, mysql, redis; may be repeated
    #[arg(long = "as", id = "kinds", value_name = "KIND:FILE", value_parser = kind_and_file)]
    kinds: Vec<(Kind, PathBuf)>,
    /// Judge the numbers against what the load of this spec needs
    #[arg(long, value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
    /// Change a value of the spec for this run only, such as `--set load.users=2500`
    #[arg(long, value_name = "PATH=VALUE", value_parser = input::assignment, requires = "spec")]
    set: Vec<(String, String)>,
    /// After how long the balancer before nginx gives up on an idle connection, such as 60s
    #[arg(long, value_name = "TIME", value_parser = input::time)]
    balancer_idle: Option<std::time::Duration>,
    /// Say what a rule holds against what, why, and where that is from; looks at no file
    #[arg(long, value_name = "RULE")]
    explain: Option<String>,
    /// Exit with 3 on warnings too
    #[arg(long)]
    strict: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn kind_and_file(text: &str) -> Result<(Kind, PathBuf), String> {
    let words = Kind::ALL.map(Kind::word).join(", ");
    let wrong = || format!("write it as KIND:FILE, where KIND is one of {words}");
    let (kind, file) = text.split_once(':').filter(|(_, file)| !file.is_empty()).ok_or_else(wrong)?;
    let kind = Kind::ALL.into_iter().find(|known| known.word() == kind).ok_or_else(wrong)?;
    Ok((kind, file.into()))
}

pub(super) fn run(args: &Args, screen: &Screen) -> Result<Exit, Failure> {
    if let Some(id) = &args.explain {
        return explain(id, args.json, screen);
    }
    let inputs = inputs(args)?;
    let spec = match &args.spec {
        Some(path) => {
            let from = SpecArgs { spec: path.clone(), set: args.set.clone() };
            Some((path.display().to_string(), from.read(screen)?))
        }
        None => None,
    };
    let context = Context {
        spec: spec.as_ref().map(|(name, spec): &(String, Spec)| (name.as_str(), spec)),
        balancer_idle_s: args.balancer_idle.map(|time| time.as_secs_f64()),
    };
    let linted = lint::lint(&inputs, &Disk, context).map_err(|wrong| unreadable(&wrong, screen))?;
    let exit = if answer_is_no(&linted, args.strict) { Exit::No } else { Exit::Done };
    if args.json {
        screen.answer_json(&report::lint_json(&linted))?;
    } else {
        screen.answer(&report::lint_text(&linted, &screen.look()))?;
    }
    Ok(exit)
}

fn answer_is_no(linted: &Linted, strict: bool) -> bool {
    linted.count(Severity::Error) > 0 || (strict && linted.count(Severity::Warning) > 0)
}

/// All files with their bytes; a kind that was stated holds also where the file is named without it.
fn inputs(args: &Args) -> Result<Vec<Input>, Failure> {
    let stated = args.kinds.iter().map(|(kind, path)| (Some(*kind), path));
    let plain = args.files.iter().filter(|path| args.kinds.iter().all(|(_, other)| other != *path));
    stated.chain(plain.map(|path| (None, path))).map(|(kind, path)| read(kind, path)).collect()
}

fn read(kind: Option<Kind>, path: &Path) -> Result<Input, Failure> {
    let name = path.display().to_string();
    let bytes = disk::bytes(path).map_err(|error| {
        Failure::failed(format!("reading {name}: {error}; nothing was judged"))
            .hint("name files that can be read; loadline lint --help lists the kinds")
    })?;
    Ok(Input { name, kind, bytes })
}

fn unreadable(wrong: &[Unreadable], screen: &Screen) -> Failure {
    for one in wrong {
        screen.note(&report::plain(&format!("{}: error: {}", one.place, one.message)));
        screen.note(&report::plain(&format!("  help: {}", one.help)));
    }
    let files = if wrong.len() == 1 { "1 file".to_owned() } else { format!("{} files", wrong.len()) };
    Failure::usage(format!(
        "{files} could not be read; nothing was judged, since what is missing might settle it"
    ))
    .hint("mend the files, and run loadline lint again with all of them")
}

fn explain(id: &str, json: bool, screen: &Screen) -> Result<Exit, Failure> {
    let rule: &Rule = lint::rules().find(|rule| rule.id == id).ok_or_else(|| {
        let near = |rule: &&Rule| (strsim::jaro_winkler(rule.id, id) * 1000.0) as u64;
        let nearest = lint::rules().max_by_key(near).map_or("", |rule| rule.id);
        Failure::usage(format!("there is no rule `{}`", report::plain(id)))
            .hint(format!("nearest: {nearest}; docs/lint.md lists all rules"))
    })?;
    if json {
        return screen.answer_json(&report::lint_rule_json(rule));
    }
    screen.answer(&report::lint_rule_text(rule, &screen.look()))?;
    Ok(Exit::Done)
}
