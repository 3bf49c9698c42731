"""The model's API on loopback: answers by a script, and records its answers and what they cost."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SUMMARY = "Mulberrysummary"


class Mock:
    """Answers by scripts: the first word of a prompt names one, and each request after that prompt gets its next answer."""

    def __init__(self, scripts):
        self.scripts = scripts
        self.requests = []
        self.planted = {}
        self.calls = {}
        self.not_offered = set()
        self.lock = threading.Lock()
        handler = type("MockHandler", (Handler,), {"mock": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answers(self, key):
        return sum(request["key"] == key for request in self.requests)

    def wait_for(self, key, seconds):
        """Whether the first answer to a prompt was requested within that time."""
        end = time.monotonic() + seconds
        while not self.answers(key) and time.monotonic() < end:
            time.sleep(0.05)
        return self.answers(key) > 0

    def answer(self, body):
        """One message of the API, whole."""
        messages = body.get("messages") or []
        offered = {tool.get("name") for tool in body.get("tools") or []} | found_by_search(messages)
        key, step = self.place(messages)
        # A request without tools is not part of a conversation: the program asks for a title, or checks the connection.
        script = self.scripts[key] if key and offered else []
        # Early versions offer every tool at once.
        script = [blocks for blocks in script if "ToolSearch" in offered or blocks[0].get("names") != ["ToolSearch"]]
        with self.lock:
            number = len(self.requests) + 1
            if step < len(script):
                blocks = [self.block(block, offered, number, at) for at, block in enumerate(script[step])]
            else:
                key = None
                blocks = [{"type": "text", "text": beside(body, offered)}]
            request = {"id": f"msg_mock{number:04}", "key": key, "model": body.get("model"), "usage": usage(number)}
            self.requests.append(request)
        is_calling = any(block["type"] == "tool_use" for block in blocks)
        return {
            "id": request["id"],
            "type": "message",
            "role": "assistant",
            "model": request["model"],
            "content": blocks,
            "stop_reason": "tool_use" if is_calling else "end_turn",
            "stop_sequence": None,
            "usage": request["usage"],
        }

    def place(self, messages):
        """Which prompt came last, and how many answers came after it."""
        later = 0
        for message in reversed(messages):
            if message.get("role") == "assistant":
                later += 1
                continue
            said = " ".join(texts(message))
            found = [(said.rindex(key), key) for key in self.scripts if key in said]
            if found:
                return max(found)[1], later
        return None, 0

    def block(self, block, offered, number, at):
        name = next((name for name in block.get("names", ()) if name in offered), None)
        if "names" in block and not name:
            self.not_offered.add(block["names"][0])
            return {"type": "text", "text": "There is no such tool."}
        self.planted.update(block["words"])
        if not name:
            return block["said"]
        self.calls[name] = self.calls.get(name, 0) + 1
        return {"type": "tool_use", "id": f"toolu_mock{number:04}{at:02}", "name": name, "input": block["input"]}


def texts(message):
    """The text of a message or of the result of a tool, into which some versions put a queued prompt."""
    content = message.get("content")
    if isinstance(content, str):
        return [content]
    nested = [texts(block) if block.get("type") == "tool_result" else [block.get("text") or ""] for block in content or []]
    return sum(nested, [])


def found_by_search(messages):
    """Tools that are not offered before the model looks for them."""
    return set(re.findall(r'"type": "tool_reference", "tool_name": "(\w+)"', json.dumps(messages)))


def beside(body, offered):
    if not offered:
        return json.dumps({"title": "A title of the mock", "isNewTopic": True})
    last = " ".join(texts(body["messages"][-1]))
    is_compaction = "summary" in last and "conversation" in last and "<task-notification>" not in last
    return f"<summary>{SUMMARY} of what was said</summary>" if is_compaction else "Noted."


def usage(number):
    """No two requests cost the same, so that one that is missing or counted twice shows in any sum."""
    five, hour = 10 * number + 5, 20 * number + 1
    return {
        "input_tokens": 100 + number,
        "output_tokens": 40 + 7 * number,
        "cache_read_input_tokens": 1000 + 3 * number,
        "cache_creation_input_tokens": five + hour,
        "cache_creation": {"ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour},
        "service_tier": "standard",
    }


def events(message):
    """The same message as it is streamed."""
    begun = {**message, "content": [], "stop_reason": None, "usage": {**message["usage"], "output_tokens": 1}}
    yield {"type": "message_start", "message": begun}
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            start, deltas = {"text": ""}, [{"type": "text_delta", "text": block["text"]}]
        elif block["type"] == "thinking":
            start = {"thinking": "", "signature": ""}
            deltas = [{"type": f"{name}_delta", name: block[name]} for name in ("thinking", "signature")]
        else:
            start, deltas = {"input": {}}, [{"type": "input_json_delta", "partial_json": json.dumps(block["input"])}]
        yield {"type": "content_block_start", "index": index, "content_block": {**block, **start}}
        yield from ({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas)
        yield {"type": "content_block_stop", "index": index}
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": end, "usage": message["usage"]}
    yield {"type": "message_stop"}


class Handler(BaseHTTPRequestHandler):
    mock = None

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.reply(200, "application/json", b"")

    def do_GET(self):
        self.reply(404, "application/json", b'{"type":"error","error":{"type":"not_found_error","message":"not here"}}')

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
        path = self.path.split("?")[0]
        if path == "/v1/messages/count_tokens":
            self.reply(200, "application/json", b'{"input_tokens": 777}')
        elif path != "/v1/messages":
            self.do_GET()
        else:
            message = self.mock.answer(body)
            if body.get("stream"):
                stream = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events(message))
                self.reply(200, "text/event-stream", stream.encode())
            else:
                self.reply(200, "application/json", json.dumps(message).encode())

    def reply(self, status, kind, content):
        try:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.send_header("request-id", f"req_mock{len(self.mock.requests):04}")
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # The program hung up.
