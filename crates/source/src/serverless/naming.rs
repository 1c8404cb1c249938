//! Logical ids as the framework makes them: `resources` refer to what it makes by these.

/// `hello-world` is `HelloDashworld`.
pub(super) fn normal(name: &str) -> String {
    upper_first(&name.replace('-', "Dash").replace('_', "Underscore"))
}

/// Letters and digits only: `my-topic` is `Mytopic`.
pub(super) fn alphanumeric(name: &str) -> String {
    upper_first(&name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

pub(super) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// `users/{id}` is `UsersIdVar`.
pub(super) fn path(path: &str) -> String {
    path.split('/').map(part).collect()
}

fn part(part: &str) -> String {
    let lower = part.to_lowercase().replace('-', "Dash");
    // From the first brace to the last one is the name of a variable.
    let named = match (lower.find('{'), lower.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            let pieces = [lower.get(..open), lower.get(open + 1..close), lower.get(close + 1..)];
            let [before, name, after] = pieces.map(Option::unwrap_or_default);
            format!("{before}{name}Var{after}")
        }
        _ => lower,
    };
    alphanumeric(&named)
}

/// `get` is `Get`.
pub(super) fn method(method: &str) -> String {
    upper_first(&method.to_lowercase())
}

/// `application/json` is `ApplicationJson`.
pub(super) fn words(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .map(upper_first)
        .collect()
}

/// The route key of a WebSocket API: `$connect` is `Sconnect`.
pub(super) fn route(route: &str) -> String {
    let named = route.replace('$', "S").replace('/', "Slash").replace('-', "Dash");
    named.replace('_', "Underscore").replace('.', "Period")
}

/// The first characters of a text, as ids are cut.
pub(super) fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_the_framework() {
        assert_eq!(normal("hello-world_x"), "HelloDashworldUnderscorex");
        assert_eq!(alphanumeric("my-topic.fifo"), "Mytopicfifo");
        assert_eq!(path("users/{userId}/files/{proxy+}"), "UsersUseridVarFilesProxyVar");
        assert_eq!(path("GET /my-things"), "GetMyDashthings");
        assert_eq!(route("$connect"), "Sconnect");
        assert_eq!(words("application/json"), "ApplicationJson");
        assert_eq!(normal(""), "");
    }
}
