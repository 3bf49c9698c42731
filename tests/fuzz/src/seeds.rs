//! Values to start from: one for each kind of line and query that is treated differently.

const TIME: &str = "2026-03-01T10:00:00.000Z";
const UUID: &str = "0b6f3c8e-51a4-4f0e-9d3c-5b0c8a5277a1";

/// Lines, one per seed, without their ends.
pub fn records() -> Vec<Vec<u8>> {
    let frame = |kind: &str, rest: &str| {
        format!(
            r#"{{"type":"{kind}","uuid":"{UUID}","parentUuid":null,"timestamp":"{TIME}","sessionId":"s","cwd":"/w","version":"2.1.0","isSidechain":false,{rest}}}"#
        )
    };
    let user = |content: &str| frame("user", &format!(r#""message":{{"role":"user","content":{content}}}"#));
    let assistant = |block: &str| {
        frame(
            "assistant",
            &format!(
                r#""requestId":"r","message":{{"id":"msg_1","role":"assistant","model":"m","content":[{block}],"usage":{{"input_tokens":1,"output_tokens":2.5,"cache_creation_input_tokens":null,"cache_creation":{{"ephemeral_5m_input_tokens":1}}}}}}"#
            ),
        )
    };
    let mut seeds = vec![
        user(r#""a prompt with `code` and 数据""#),
        user(r#"[{"type":"text","text":"blocks"},{"type":"image","source":{"type":"base64","data":"AAAA"}}]"#),
        user(r#"[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"out"}],"is_error":true}]"#),
        assistant(r#"{"type":"text","text":"an answer"}"#),
        assistant(r#"{"type":"thinking","thinking":"a thought","signature":"x"}"#),
        frame("system", r#""subtype":"compact_boundary","compactMetadata":{"trigger":"auto","preTokens":1}"#),
        frame("progress", r#""data":{"type":"bash_progress","output":"x","fullOutput":"x"},"toolUseID":"t""#),
        frame("attachment", r#""attachment":{"type":"hook_success","hookName":"n","stdout":"x","exitCode":0}"#),
        frame("brand-new", r#""nested":{"deep":["leaf",{"a":"b"}]}"#),
        r#"{"type":"summary","summary":"what it was about","leafUuid":"0b6f3c8e-51a4-4f0e-9d3c-5b0c8a5277a1"}"#.into(),
        r#"{"type":"custom-title","customTitle":"a title","sessionId":"s"}"#.into(),
        r#"{"type":"queue-operation","operation":"enqueue","timestamp":"2026-03-01T10:00:00.000Z","content":"later"}"#.into(),
        r#"{"type":"file-history-snapshot","messageId":"m","snapshot":{"trackedFileBackups":{}},"isSnapshotUpdate":false}"#.into(),
        r#"{"a":1}{"type":"user"}"#.into(),
        r#"{"type":"user","type":"assistant","message":null,"timestamp":null,"uuid":7}"#.into(),
        r#"{"type":"user","message":{"content":"\ud800 \u0000 \uffff"}}"#.into(),
        r#"{"timestamp":"0000-00-00T00:00:00Z","usage":{"output_tokens":1e308},"type":"assistant"}"#.into(),
        "[1,2,3]".into(),
        "null".into(),
        r#"{"torn":"half of a"#.into(),
        format!("{}1{}", "[".repeat(3_000), "]".repeat(3_000)),
        format!("{}1{}", r#"{"a":"#.repeat(3_000), "}".repeat(3_000)),
    ];
    for (name, input, result) in [
        ("Bash", r#"{"command":"ls"}"#, r#"{"stdout":"a","stderr":"","interrupted":false}"#),
        (
            "Edit",
            r#"{"file_path":"/w/a","old_string":"a","new_string":"b"}"#,
            r#"{"filePath":"/w/a","structuredPatch":[{"oldStart":1,"oldLines":1,"newStart":1,"newLines":1,"lines":["-a","+b"]}]}"#,
        ),
        ("Write", r#"{"file_path":"/w/a","content":"x"}"#, r#"{"type":"create","filePath":"/w/a","content":"x"}"#),
        (
            "TodoWrite",
            r#"{"todos":[{"content":"c","status":"pending","activeForm":"f"}]}"#,
            r#"{"oldTodos":[],"newTodos":[]}"#,
        ),
        ("TaskCreate", r#"{"subject":"s","description":"d"}"#, r#"{"task":{"id":"1","subject":"s"}}"#),
        (
            "TaskUpdate",
            r#"{"taskId":"1","status":"completed"}"#,
            r#"{"success":true,"taskId":"1","updatedFields":["status"]}"#,
        ),
        ("mcp__server__tool", r#"{"any":["thing"]}"#, r#"[{"type":"text","text":"x"}]"#),
        ("Broken", "7", r#""an error""#),
    ] {
        seeds.push(assistant(&format!(r#"{{"type":"tool_use","id":"t","name":"{name}","input":{input}}}"#)));
        seeds.push(frame(
            "user",
            &format!(
                r#""message":{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t","content":"x"}}]}},"toolUseResult":{result}"#
            ),
        ));
    }
    seeds.into_iter().map(String::into_bytes).collect()
}

/// Whole transcripts.
pub fn lines() -> Vec<Vec<u8>> {
    let records = records();
    let mut all = records.join(&b'\n');
    all.push(b'\n');
    vec![
        Vec::new(),
        b"\n".to_vec(),
        b" \t\r\n\r\n\n".to_vec(),
        all.clone(),
        [&records[0][..], b"\r\n\n", &records[3], b"\n", &records[2][..40]].concat(),
        [&[0; 600][..], &records[0], b"\n"].concat(),
        [b"\xef\xbb\xbf", &records[0][..], b"\n\xff\xfe\n"].concat(),
        [&records[0][..], &records[3], b"\n"].concat(),
        [&records[0][..30], &records[3], b"\n", &records[0], b"\n"].concat(),
        [&all[..], &all].concat(),
    ]
}

/// Queries.
pub fn search_queries() -> Vec<Vec<u8>> {
    [
        "parser",
        "pars*",
        "*",
        "**",
        "\"",
        "\"\"",
        "\"a phrase\"",
        "\"open",
        "a AND b",
        "NOT",
        "NEAR(a b)",
        "user:a",
        "-a",
        "(a",
        "handle_file_event",
        "src/main.rs",
        "数据",
        "数",
        "日本*",
        "naïve",
        "a\u{0}b",
        "'; DROP TABLE messages; --",
        "{a b}:c",
        "^a",
        "😀",
        "\u{202e}x",
        "%_",
        "\\",
        "a+b",
    ]
    .map(|query| query.as_bytes().to_vec())
    .to_vec()
}
