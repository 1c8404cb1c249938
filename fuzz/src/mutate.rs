//! Small changes to bytes, the same for the same seed.

/// Words that readers act on, put where they are not expected.
pub const WORDS: &[&str] = &[
    "Resources",
    "Properties",
    "Type",
    "Parameters",
    "Default",
    "AllowedValues",
    "NoEcho",
    "Conditions",
    "Mappings",
    "Outputs",
    "Export",
    "Transform",
    "Metadata",
    "AWS::LanguageExtensions",
    "AWS::Serverless-2016-10-31",
    "AWS::Lambda::Function",
    "AWS::IAM::Role",
    "AWS::CloudFormation::Stack",
    "AWS::NoValue",
    "AWS::AccountId",
    "Fn::If",
    "Fn::Sub",
    "Fn::Join",
    "Fn::GetAtt",
    "Fn::Select",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::ImportValue",
    "Fn::ForEach::X",
    "Fn::ToJsonString",
    "Fn::Length",
    "Fn::Transform",
    "Ref",
    "Condition",
    "!Ref ",
    "!Sub ",
    "!If ",
    "!GetAtt ",
    "${",
    "${A}",
    "${!A}",
    "{{resolve:ssm:/a}}",
    "{{resolve:",
    "&a ",
    "*a",
    "<<: *a",
    "---\n",
    "...\n",
    "|\n",
    ">-\n",
    "? ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "\\",
    "\t",
    "\r\n",
    "\u{feff}",
    "\0",
    "\u{1b}[31m",
    "é",
    "🐕",
    "\u{202e}",
    "null",
    "~",
    "true",
    "-1",
    "1e309",
    "99999999999999999999",
    "arn:aws:",
    "*",
    "?",
    "2012-10-17",
    "Statement",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "NotResource",
    "ForAllValues:StringLike",
    "aws:PrincipalOrgID",
    "schema",
    "maremma.snapshot/1",
    "estate",
    "\n== 111122223333/eu-west-1/lambda/list-functions.json\n",
    ".error.json",
    "AccessDenied",
    "NoSuch",
    "NextToken",
    "$LATEST",
    "%7B",
];

/// Makes mutations, one after the other. The generator is xorshift64*: no dependency, and the same on
/// every machine.
#[derive(Clone, Debug)]
pub struct Mutator(u64);

impl Mutator {
    pub fn new(seed: u64) -> Self {
        Mutator(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`; 0 where that is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// A stretch of up to `longest` bytes.
    fn stretch(&mut self, data: &[u8], longest: usize) -> std::ops::Range<usize> {
        let start = self.below(data.len());
        let end = (start + 1 + self.below(longest)).min(data.len());
        start.min(end)..end
    }

    /// `data` with one to four changes; some take a part of `other`.
    pub fn mutate(&mut self, data: &[u8], other: &[u8]) -> Vec<u8> {
        let mut data = data.to_vec();
        for _ in 0..=self.below(4) {
            self.change(&mut data, other);
        }
        data
    }

    fn change(&mut self, data: &mut Vec<u8>, other: &[u8]) {
        match self.below(8) {
            0 => {
                let (at, bit) = (self.below(data.len()), self.below(8));
                if let Some(byte) = data.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            1 => data.truncate(self.below(data.len())),
            2 => {
                let gone = self.stretch(data, 64);
                data.drain(gone);
            }
            3 => {
                let from = self.stretch(other, 400);
                let piece = other.get(from).unwrap_or_default().to_vec();
                self.put(data, &piece);
            }
            4 => self.repeat_lines(data),
            5 | 6 => {
                let word = self.word();
                self.put(data, word.as_bytes());
            }
            _ => self.swap_token(data),
        }
    }

    pub(crate) fn word(&mut self) -> &'static str {
        let at = self.below(WORDS.len());
        WORDS.get(at).copied().unwrap_or_default()
    }

    fn put(&mut self, data: &mut Vec<u8>, piece: &[u8]) {
        let at = self.below(data.len() + 1);
        data.splice(at..at, piece.iter().copied());
    }

    /// Some lines, once or several times more.
    fn repeat_lines(&mut self, data: &mut Vec<u8>) {
        let at = self.below(data.len());
        let before = data.get(..at).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut ends = data.iter().enumerate().skip(at).filter(|(_, byte)| **byte == b'\n');
        let end = ends.nth(self.below(6)).map_or(data.len(), |(at, _)| at + 1);
        let lines = data.get(start..end).unwrap_or_default().to_vec();
        let times = 1 + self.below(4);
        data.splice(end..end, lines.iter().copied().cycle().take(lines.len() * times));
    }

    /// A word of the text, replaced by one of ours or by another of the text.
    fn swap_token(&mut self, data: &mut Vec<u8>) {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'!');
        let mut token = |data: &[u8]| {
            let at = self.below(data.len());
            let start = data
                .get(..at)?
                .iter()
                .rposition(|byte| !is_word(byte))
                .map_or(0, |at| at + 1);
            let length = data.get(start..)?.iter().take_while(|byte| is_word(byte)).count();
            Some(start..start + length)
        };
        let (Some(place), Some(from)) = (token(data), token(data)) else {
            return;
        };
        let piece = match self.below(2) {
            0 => data.get(from).unwrap_or_default().to_vec(),
            _ => self.word().as_bytes().to_vec(),
        };
        data.splice(place, piece);
    }
}
