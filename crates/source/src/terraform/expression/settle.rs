//! What a template's literals are once its marks have been heeded: `~` eats the white space next to it, and
//! `<<-` the indentation. Terraform does both to what is written, line by line, before anything is
//! evaluated.

use hcl_edit::Span as _;
use hcl_edit::Spanned;
use hcl_edit::structure::Body;
use hcl_edit::template::{Directive, Element, HeredocTemplate, StringTemplate, Strip, Template};
use hcl_edit::visit_mut::{VisitMut, visit_heredoc_template_mut, visit_string_template_mut};

/// Settles every template of a body; `flush` are the heredocs that lose their indentation.
pub(super) fn body(body: &mut Body, flush: &[usize]) {
    Settler { flush }.visit_body_mut(body);
}

/// Settles a template that is a text of its own.
pub(super) fn template(template: &mut Template) {
    Settler { flush: &[] }.visit_template_mut(template);
    settle(template, true, false);
}

struct Settler<'a> {
    flush: &'a [usize],
}

impl VisitMut for Settler<'_> {
    fn visit_string_template_mut(&mut self, node: &mut StringTemplate) {
        visit_string_template_mut(self, node);
        settle(node, false, false);
    }

    fn visit_heredoc_template_mut(&mut self, node: &mut HeredocTemplate) {
        visit_heredoc_template_mut(self, node);
        let flush = node
            .span()
            .is_some_and(|span| self.flush.binary_search(&span.start).is_ok());
        settle(&mut node.template, true, flush);
    }
}

/// A template as it is written: its literals in lines, and what stands between them.
enum Token<'a> {
    Literal {
        literal: &'a mut Spanned<String>,
        lines: Vec<String>,
    },
    Sequence(Strip),
}

fn settle(template: &mut Template, by_line: bool, flush: bool) {
    let mut tokens = Vec::new();
    collect(template, by_line, &mut tokens);
    strip(&mut tokens);
    if flush {
        unindent(&mut tokens);
    }
    for token in tokens {
        if let Token::Literal { literal, lines } = token {
            *literal.value_mut() = lines.concat();
        }
    }
}

fn collect<'a>(template: &'a mut Template, by_line: bool, tokens: &mut Vec<Token<'a>>) {
    for element in template.iter_mut() {
        match element {
            Element::Literal(literal) => {
                let lines = match by_line {
                    true => literal.split_inclusive('\n').map(str::to_owned).collect(),
                    false => vec![literal.to_string()],
                };
                tokens.push(Token::Literal { literal, lines });
            }
            Element::Interpolation(interpolation) => tokens.push(Token::Sequence(interpolation.strip)),
            Element::Directive(directive) => match &mut **directive {
                Directive::If(directive) => {
                    tokens.push(Token::Sequence(directive.if_expr.strip));
                    collect(&mut directive.if_expr.template, by_line, tokens);
                    if let Some(other) = &mut directive.else_expr {
                        tokens.push(Token::Sequence(other.strip));
                        collect(&mut other.template, by_line, tokens);
                    }
                    tokens.push(Token::Sequence(directive.endif_expr.strip));
                }
                Directive::For(directive) => {
                    tokens.push(Token::Sequence(directive.for_expr.strip));
                    collect(&mut directive.for_expr.template, by_line, tokens);
                    tokens.push(Token::Sequence(directive.endfor_expr.strip));
                }
            },
        }
    }
}

fn strip(tokens: &mut [Token<'_>]) {
    for index in 0..tokens.len() {
        let Some(Token::Sequence(strip)) = tokens.get(index) else {
            continue;
        };
        let strip = *strip;
        if strip.strip_start()
            && let Some(Token::Literal { lines, .. }) = index.checked_sub(1).and_then(|before| tokens.get_mut(before))
            && let Some(line) = lines.last_mut()
        {
            line.truncate(line.trim_end().len());
        }
        if strip.strip_end()
            && let Some(Token::Literal { lines, .. }) = tokens.get_mut(index + 1)
            && let Some(line) = lines.first_mut()
        {
            *line = line.trim_start().to_owned();
        }
    }
}

/// Takes the smallest indentation from all lines. Blank lines do not count and are left alone, and a line
/// that begins with `${` has none.
fn unindent(tokens: &mut [Token<'_>]) {
    let mut smallest = usize::MAX;
    let mut begins = true;
    let mut indented: Vec<&mut String> = Vec::new();
    for token in tokens {
        match token {
            Token::Sequence(_) => {
                if std::mem::take(&mut begins) {
                    smallest = 0;
                }
            }
            Token::Literal { lines, .. } => {
                for line in lines {
                    let at_margin = std::mem::replace(&mut begins, line.ends_with('\n'));
                    let blank = line.ends_with('\n') && line.trim_start().is_empty();
                    if at_margin && !blank {
                        let spaces = line.chars().take_while(|char| char.is_whitespace()).count();
                        smallest = smallest.min(spaces);
                        indented.push(line);
                    }
                }
            }
        }
    }
    for line in indented {
        *line = line.chars().skip(smallest).collect();
    }
}
