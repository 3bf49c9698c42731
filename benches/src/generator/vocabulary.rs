//! The words of every text: common English words, words of programming, and words built of syllables. The common ones come
//! first, and a word's frequency falls with its rank, as in any language.

use std::sync::LazyLock;

use super::random::Random;

const COMMON: &str = "the to a of and in is it that for this we be on with not are as i you have from or by an at if can so but \
all was now when there will then which has should they what need let me do use only also one after before more into its no \
out up how first any get makes same both two each other because here still without just than where does their them these \
while already your our would could like make see look next still since between under over until again last most some such \
very too about them being every back well right since yes once left way might done good must why few many even never always";

const PROGRAMMING: &str = "file test function error code line path build return value type check run command call string read write \
module name list key index table row query field state message output input result config option default option user \
session event handler server client request response token parse parser buffer stream byte offset length size cache \
memory thread lock queue worker task job process signal start stop open close create update delete insert select commit \
branch merge diff patch version release package crate import export class struct enum trait method argument parameter \
variable constant loop array vector map set hash tree node edge graph graph root leaf parent child schema migration \
column record batch page cursor limit filter sort order group join database storage disk folder directory link socket \
port host network timeout retry failure panic warning debug trace log level format encode decode compress block frame \
header body payload context scope lifetime reference pointer borrow clone copy move drop free allocate layout render \
component view template style button form label screen window click route link document comment rule lint compiler \
linker target platform runtime engine library binding wrapper adapter interface contract assertion fixture mock stub \
coverage benchmark profile latency throughput average median measure sample snapshot restore backup replica leader";

const ONSETS: &[&str] = &[
    "b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "qu", "r", "s",
    "sc", "sh", "st", "t", "tr", "v", "w", "z",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ai", "ea", "io", "ou"];
const CODAS: &[&str] = &["", "", "", "l", "m", "n", "r", "s", "t", "nd", "rt", "x"];

const BUILT_WORDS: usize = 24_000;
const DRAWS: usize = 1 << 16;

/// Han characters for the texts of people who write Chinese or Japanese; words are one to three of them.
pub(crate) const HAN: &str = "文件测试修复错误数据库索引搜索会话消息更新删除创建读取写入检查结果请求响应缓存时间用户项目代码函数变量返回类型列表页面显示设置配置启动停止运行构建版本发布分支合并提交";

pub(crate) struct Vocabulary {
    words: Vec<String>,
    /// Ranks, each as often as its word is frequent, so that a draw is one look-up.
    draws: Vec<u16>,
    first_programming: usize,
    first_built: usize,
}

/// The vocabulary of every seed.
pub(crate) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::build);

impl Vocabulary {
    fn build() -> Vocabulary {
        let mut seen = std::collections::HashSet::new();
        let mut words: Vec<String> = Vec::new();
        let mut add = |word: String, words: &mut Vec<String>| {
            if seen.insert(word.clone()) {
                words.push(word);
            }
        };
        COMMON.split_ascii_whitespace().for_each(|word| add(word.to_owned(), &mut words));
        let first_programming = words.len();
        PROGRAMMING.split_ascii_whitespace().for_each(|word| add(word.to_owned(), &mut words));
        let first_built = words.len();
        let mut random = Random::new(0x686e, 0);
        while words.len() < first_built + BUILT_WORDS {
            let mut word = String::new();
            for _ in 0..random.weighted(&[(1, 0.04), (2, 0.5), (3, 0.36), (4, 0.1)]) {
                word.push_str(random.pick(ONSETS));
                word.push_str(random.pick(VOWELS));
            }
            word.push_str(random.pick(CODAS));
            add(word, &mut words);
        }

        // A few ranks after one, so that the very first words do not fill half of every text.
        let weights: Vec<f64> = (0..words.len()).map(|rank| 1.0 / (rank as f64 + 6.0)).collect();
        let total: f64 = weights.iter().sum();
        let mut draws = Vec::with_capacity(DRAWS);
        let (mut rank, mut covered) = (0, weights[0]);
        for draw in 0..DRAWS {
            while covered / total < (draw as f64 + 0.5) / DRAWS as f64 && rank + 1 < words.len() {
                rank += 1;
                covered += weights[rank];
            }
            draws.push(rank as u16);
        }
        Vocabulary { words, draws, first_programming, first_built }
    }

    /// A word of running text.
    pub(crate) fn word(&self, random: &mut Random) -> &str {
        &self.words[usize::from(self.draws[random.word() as usize % DRAWS])]
    }

    /// A word that names a thing of a program.
    pub(crate) fn programming(&self, random: &mut Random) -> &str {
        let count = self.first_built - self.first_programming;
        &self.words[self.first_programming + random.below(count).min(random.below(count))]
    }

    /// A rare word.
    pub(crate) fn built(&self, random: &mut Random) -> &str {
        &self.words[self.first_built + random.below(BUILT_WORDS)]
    }
}
