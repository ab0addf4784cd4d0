#include "lsp/server.h"

#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>

#include "engine/engine.h"
#include "lsp/editor.h"
#include "project/temporary_folder.h"

namespace preflint::lsp {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kNoHook = "#!/bin/bash\ngit clone https://github.com/a/b\n";
constexpr const char* kHook =
    "#!/bin/bash\nsource /etc/network_turbo || true\ngit clone https://github.com/a/b\n";

/// A project folder that nothing above it configures.
struct Project : TemporaryFolder {
  Project() { write("preflint.yaml", "profile: autodl\n"); }
  std::string uri(const std::string& name) const { return uri_of(*this / name); }
};

int code_of(const Json& answer) { return answer["error"]["code"].get<int>(); }

TEST(Server, TheFirstRequestIsInitialize) {
  Editor editor;
  EXPECT_EQ(code_of(editor.call("textDocument/hover", Json::object())), -32002);
  const Json result = editor.initialize("");
  EXPECT_EQ(result["serverInfo"]["name"], "preflint");
  EXPECT_EQ(result["capabilities"]["positionEncoding"], "utf-16");
  EXPECT_EQ(code_of(editor.call("initialize", Json::object())), -32600);
  EXPECT_EQ(code_of(editor.call("no/such", Json::object())), -32601);
  editor.notify("no/such", Json::object());
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, AfterShutdownOnlyExitCounts) {
  Editor editor;
  editor.initialize("");
  editor.call("shutdown", nullptr);
  EXPECT_EQ(code_of(editor.call("textDocument/hover", Json::object())), -32600);
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, AClientThatVanishesEndsIt) {
  Editor editor;
  editor.initialize("");
  EXPECT_EQ(editor.vanish(), 1);
  Editor early;
  EXPECT_EQ(early.vanish(), 1);
  Editor rude;
  rude.notify("exit", nullptr);
  EXPECT_EQ(rude.vanish(), 1);
}

TEST(Server, BadMessagesAreAnsweredAndForgotten) {
  Editor editor({}, 4096);
  editor.initialize("");
  editor.raw("Content-Length: x\r\n\r\n");
  EXPECT_EQ(code_of(editor.answer(nullptr)), -32700);
  editor.raw(framed("{nonsense"));
  EXPECT_EQ(code_of(editor.answer(nullptr)), -32700);
  editor.raw(framed(std::string(5000, ' ')));
  EXPECT_EQ(code_of(editor.answer(nullptr)), -32600);
  editor.raw(framed("[]"));
  EXPECT_EQ(code_of(editor.answer(nullptr)), -32600);
  for (const char* method : {"textDocument/codeAction", "textDocument/hover", "codeAction/resolve",
                             "textDocument/documentLink", "workspace/executeCommand",
                             "textDocument/diagnostic", "workspace/diagnostic"}) {
    for (const Json& params : {Json(nullptr), Json::array({1}), Json{{"textDocument", 5}},
                               Json{{"textDocument", {{"uri", "file:///x"}}}, {"range", "r"}}}) {
      const Json answer = editor.call(method, params);
      EXPECT_TRUE(answer.contains("result") || answer.contains("error")) << method;
    }
  }
  for (const char* method :
       {"textDocument/didOpen", "textDocument/didChange", "textDocument/didClose",
        "textDocument/didSave", "notebookDocument/didOpen", "notebookDocument/didChange",
        "workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration",
        "workspace/didChangeWorkspaceFolders", "$/cancelRequest"}) {
    editor.notify(method, {{"textDocument", 1}, {"changes", 5}, {"event", "e"}});
    editor.notify(method, Json::array());
  }
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, TheFirstKnownEncodingIsTaken) {
  for (const auto& [offered, taken] :
       std::vector<std::pair<Json, std::string>>{{{"utf-8", "utf-16"}, "utf-8"},
                                                 {{"utf-7", "utf-32"}, "utf-32"},
                                                 {Json::array(), "utf-16"}}) {
    Editor editor;
    const Json result = editor.initialize("", {{"general", {{"positionEncodings", offered}}}});
    EXPECT_EQ(result["capabilities"]["positionEncoding"], taken);
  }
}

TEST(Server, DiagnosticsFollowTheText) {
  const Project project;
  const std::string uri = project.uri("run.sh");
  project.write("run.sh", kNoHook);
  Editor editor;
  editor.initialize(project.path());
  editor.open(uri, kNoHook, "shellscript", 7);
  const Json list = editor.pull(uri);
  ASSERT_THAT(codes(list), ElementsAre("NET001"));
  EXPECT_EQ(list[0]["source"], "preflint");
  EXPECT_EQ(list[0]["severity"], 1);
  EXPECT_EQ(list[0]["range"]["start"], (Json{{"line", 1}, {"character", 0}}));
  editor.change(uri, 8,
                {{{"range", range_of(1, 0, 1, 0)}, {"text", "source /etc/network_turbo\n"}}});
  EXPECT_THAT(codes(editor.pull(uri)), IsEmpty());
  EXPECT_EQ(editor.pushed(uri)["version"], 8);
  editor.change(uri, 9, {{{"range", range_of(1, 0, 2, 0)}, {"text", ""}}});
  EXPECT_THAT(codes(editor.pull(uri)), ElementsAre("NET001"));
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, ColumnsAreOfTheEncodingThatWasAgreedOn) {
  const Project project;
  const std::string uri = project.uri("run.sh");
  const std::string text = "#!/bin/bash\necho \"训练🚀\"; git clone https://github.com/a/b\n";
  for (const auto& [encoding, column] :
       std::map<std::string, int>{{"utf-8", 19}, {"utf-16", 13}, {"utf-32", 12}}) {
    Editor editor;
    editor.initialize(project.path(), {{"general", {{"positionEncodings", {encoding}}}}});
    editor.open(uri, text, "shellscript");
    Json list = editor.pull(uri);
    ASSERT_THAT(codes(list), ElementsAre("NET001")) << encoding;
    EXPECT_EQ(list[0]["range"]["start"]["character"], column) << encoding;
    // An edit behind the emoji, in the same units, hits the same place.
    editor.change(uri, 2, {{{"range", range_of(1, column, 1, column + 4)}, {"text", "true "}}});
    EXPECT_THAT(codes(editor.pull(uri)), IsEmpty()) << encoding;
  }
}

TEST(Server, AnEditInOneFileRefreshesTheOthers) {
  const Project project;
  project.write("env.sh", "true\n");
  project.write("run.sh", "#!/bin/bash\nsource ./env.sh\ngit clone https://github.com/a/b\n");
  const std::string env = project.uri("env.sh"), run = project.uri("run.sh");
  Editor editor;
  editor.initialize(project.path());
  editor.open(env, "true\n", "shellscript");
  EXPECT_THAT(codes(editor.pull(run)), Contains("NET001"));
  EXPECT_THAT(codes(editor.pushed(run)["diagnostics"]), Contains("NET001"));
  editor.change(env, 2, {{{"text", "source /etc/network_turbo\n"}}});
  EXPECT_THAT(codes(editor.pull(run)), Not(Contains("NET001")));
  EXPECT_THAT(codes(editor.pushed(run)["diagnostics"]), Not(Contains("NET001")));
  // Closed without saving: what the disk has counts again.
  editor.notify("textDocument/didClose", {{"textDocument", {{"uri", env}}}});
  EXPECT_THAT(codes(editor.pull(run)), Contains("NET001"));
  project.write("env.sh", "source /etc/network_turbo\n");
  editor.notify("workspace/didChangeWatchedFiles",
                {{"changes", Json::array({{{"uri", env}, {"type", 2}}})}});
  EXPECT_THAT(codes(editor.pull(run)), Not(Contains("NET001")));
}

TEST(Server, FilesComeAndGo) {
  const Project project;
  const std::string uri = project.uri("new.sh");
  Editor editor;
  editor.initialize(project.path());
  EXPECT_THAT(codes(editor.pull(uri)), IsEmpty());
  const auto event = [&](int type) {
    editor.notify("workspace/didChangeWatchedFiles",
                  {{"changes", Json::array({{{"uri", uri}, {"type", type}}})}});
  };
  project.write("new.sh", kNoHook);
  event(1);
  EXPECT_THAT(codes(editor.pull(uri)), ElementsAre("NET001"));
  std::filesystem::remove(project / "new.sh");
  event(3);
  EXPECT_THAT(codes(editor.pull(uri)), IsEmpty());
  EXPECT_THAT(codes(editor.pushed(uri)["diagnostics"]), IsEmpty());
  // A buffer that was never saved.
  editor.open(uri, kNoHook, "shellscript");
  EXPECT_THAT(codes(editor.pull(uri)), ElementsAre("NET001"));
  editor.open("untitled:Untitled-1", kNoHook, "shellscript");
  EXPECT_THAT(codes(editor.pull("untitled:Untitled-1")), ElementsAre("NET001"));
}

TEST(Server, ConfigurationCountsAsItIsTyped) {
  const Project project;
  project.write("run.sh", kNoHook);
  const std::string run = project.uri("run.sh"), config = project.uri("preflint.yaml");
  Editor editor;
  editor.initialize(project.path());
  EXPECT_THAT(codes(editor.pull(run)), ElementsAre("NET001"));
  editor.open(config, "ignore: [NET]\n", "yaml");
  EXPECT_THAT(codes(editor.pull(run)), IsEmpty());
  editor.change(config, 2, {{{"text", "ignroe: [NET]\n"}}});
  EXPECT_THAT(codes(editor.pull(config)), ElementsAre("PFL004"));
  editor.notify("textDocument/didClose", {{"textDocument", {{"uri", config}}}});
  EXPECT_THAT(codes(editor.pull(run)), ElementsAre("NET001"));
  project.write("preflint.yaml", "ignore: [NET001]\n");
  editor.notify("workspace/didChangeWatchedFiles",
                {{"changes", Json::array({{{"uri", config}, {"type", 2}}})}});
  EXPECT_THAT(codes(editor.pull(run)), IsEmpty());
}

TEST(Server, SettingsChooseAndShow) {
  const Project project;
  project.write("run.sh", kNoHook);
  const std::string run = project.uri("run.sh");
  Editor editor;
  editor.initialize(project.path(), Json::object(), {{"locale", "zh-cn"}});
  const Json list = editor.pull(run);
  ASSERT_THAT(codes(list), ElementsAre("NET001"));
  EXPECT_THAT(list[0]["message"].get<std::string>(), HasSubstr("代理"));
  const auto set = [&](Json settings) {
    editor.notify("workspace/didChangeConfiguration", {{"settings", {{"preflint", settings}}}});
  };
  set({{"ignore", {"NET001"}}, {"language", "en"}});
  EXPECT_THAT(codes(editor.pull(run)), IsEmpty());
  set({{"language", "en"}});
  EXPECT_THAT(editor.pull(run)[0]["message"].get<std::string>(), HasSubstr("reaches"));
  set({{"enable", false}});
  EXPECT_THAT(codes(editor.pull(run)), IsEmpty());
}

TEST(Server, SeveralFoldersEachHaveTheirConfiguration) {
  const Project one, two;
  two.write("preflint.yaml", "ignore: [NET001]\n");
  one.write("run.sh", kNoHook);
  two.write("run.sh", kNoHook);
  Editor editor;
  const auto folder = [](const Project& project) {
    return Json{{"uri", uri_of(project.path())}, {"name", "x"}};
  };
  editor.initialize("", Json::object(),
                    {{"workspaceFolders", Json::array({folder(one), folder(two)})}});
  EXPECT_THAT(codes(editor.pull(one.uri("run.sh"))), ElementsAre("NET001"));
  EXPECT_THAT(codes(editor.pull(two.uri("run.sh"))), IsEmpty());
  editor.notify("workspace/didChangeWorkspaceFolders",
                {{"event", {{"removed", Json::array({folder(one)})}, {"added", Json::array()}}}});
  EXPECT_THAT(codes(editor.pull(one.uri("run.sh"))), IsEmpty());
  EXPECT_THAT(codes(editor.pushed(one.uri("run.sh"))["diagnostics"]), IsEmpty());
}

TEST(Server, PulledReportsSayWhetherAnythingChanged) {
  const Project project;
  project.write("run.sh", kNoHook);
  project.write("other.sh", kHook);
  const std::string uri = project.uri("run.sh");
  Editor editor;
  const Json can = {{"textDocument", {{"diagnostic", Json::object()}}},
                    {"workspace", {{"diagnostics", {{"refreshSupport", true}}}}}};
  const Json result = editor.initialize(project.path(), can);
  EXPECT_EQ(result["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
  const Json document = {{"uri", uri}};
  const Json first = editor.call("textDocument/diagnostic", {{"textDocument", document}})["result"];
  EXPECT_EQ(first["kind"], "full");
  const Json again =
      editor.call("textDocument/diagnostic",
                  {{"textDocument", document}, {"previousResultId", first["resultId"]}})["result"];
  EXPECT_EQ(again["kind"], "unchanged");
  const Json all = editor.call("workspace/diagnostic", {{"previousResultIds", Json::array()}});
  ASSERT_EQ(all["result"]["items"].size(), 1u);
  EXPECT_EQ(all["result"]["items"][0]["uri"], uri);
  // What the editor has pulled and is wrong now, it is told to pull again.
  project.write("run.sh", kHook);
  editor.notify("workspace/didChangeWatchedFiles",
                {{"changes", Json::array({{{"uri", uri}, {"type", 2}}})}});
  editor.next("workspace/diagnostic/refresh");
  EXPECT_THAT(codes(editor.pull(uri)), IsEmpty());
  EXPECT_TRUE(editor.pushed(uri).is_null());
}

TEST(Server, NotebookCellsHaveTheirOwnDiagnostics) {
  const Project project;
  const std::string uri = project.uri("n.ipynb");
  Editor editor;
  editor.initialize(project.path());
  const auto cell = [](const std::string& id, int kind = 2) {
    return Json{{"kind", kind}, {"document", "vscode-notebook-cell:/n.ipynb#" + id}};
  };
  const auto text = [](const std::string& id, const std::string& content) {
    return Json{{"uri", "vscode-notebook-cell:/n.ipynb#" + id},
                {"languageId", "python"},
                {"version", 1},
                {"text", content}};
  };
  editor.notify("notebookDocument/didOpen",
                {{"notebookDocument",
                  {{"uri", uri},
                   {"notebookType", "jupyter-notebook"},
                   {"version", 1},
                   {"cells", Json::array({cell("a", 1), cell("b")})}}},
                 {"cellTextDocuments",
                  Json::array({text("a", "# 标题"),
                               text("b", "x = '🚀'\n!git clone https://github.com/a/b")})}});
  const std::string b = "vscode-notebook-cell:/n.ipynb#b";
  const Json list = editor.pull(b);
  ASSERT_THAT(codes(list), Contains("NET001"));
  EXPECT_EQ(list[0]["range"]["start"]["line"], 1);
  // A cell is put before it, and its text changes.
  editor.notify(
      "notebookDocument/didChange",
      {{"notebookDocument", {{"uri", uri}, {"version", 2}}},
       {"change",
        {{"cells",
          {{"structure",
            {{"array", {{"start", 1}, {"deleteCount", 0}, {"cells", Json::array({cell("c")})}}},
             {"didOpen", Json::array({text("c", "pass")})}}},
           {"textContent", Json::array({{{"document", {{"uri", b}, {"version", 2}}},
                                         {"changes", Json::array({{{"range", range_of(1, 1, 1, 4)},
                                                                   {"text", "echo"}}})}}})}}}}}});
  EXPECT_THAT(codes(editor.pull(b)), IsEmpty());
  EXPECT_EQ(editor.call("preflint/text", {{"textDocument", {{"uri", b}}}})["result"]["text"],
            "x = '🚀'\n!echo clone https://github.com/a/b");
  editor.notify("notebookDocument/didClose",
                {{"notebookDocument", {{"uri", uri}}}, {"cellTextDocuments", Json::array()}});
  EXPECT_THAT(codes(editor.pull(b)), IsEmpty());
}

TEST(Server, TheMapIsThatOfWhatTheEditorHolds) {
  Project project;
  project.write("run.sh", "#!/bin/bash\npython train.py\n");
  project.write("train.py", "import torch\ntorch.save({}, '/root/autodl-tmp/old.pth')\n");
  Editor editor;
  const Json commands =
      editor.initialize(project.path())["capabilities"]["executeCommandProvider"]["commands"];
  EXPECT_THAT(commands, Contains(Json("preflint.map")));
  const auto map = [&](Json argument) {
    return editor.call("workspace/executeCommand",
                       {{"command", "preflint.map"}, {"arguments", Json::array({argument})}});
  };
  EXPECT_THAT(map({{"format", "text"}})["result"]["content"].get<std::string>(),
              HasSubstr("/root/autodl-tmp/old.pth"));
  editor.open(project.uri("train.py"), "import torch\ntorch.save({}, '/root/autodl-fs/new.pth')\n",
              "python");
  const Json typed = map({{"uri", project.uri("run.sh")}, {"format", "json"}})["result"];
  EXPECT_EQ(typed["format"], "json");
  EXPECT_THAT(typed["content"].get<std::string>(), HasSubstr("/root/autodl-fs/new.pth"));
  EXPECT_THAT(typed["content"].get<std::string>(), Not(HasSubstr("old.pth")));
  EXPECT_THAT(map(Json::object())["result"]["content"].get<std::string>(), HasSubstr("<svg"));
  EXPECT_EQ(code_of(map({{"format", "png"}})), -32602);
  EXPECT_EQ(code_of(map({{"uri", "http://x/"}})), -32602);
  EXPECT_EQ(code_of(map({{"profiles", {"nowhere"}}})), -32602);
  EXPECT_EQ(code_of(map("run.sh")), -32602);
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, ACheckThatCrashesIsLoggedAndTheRestGoesOn) {
  std::atomic<bool> crash = true;
  Editor editor([&](const engine::Request& request) {
    if (crash) throw std::runtime_error("out of cheese");
    return engine::analyse(request);
  });
  const Project project;
  const std::string uri = project.uri("run.sh");
  editor.initialize(project.path());
  editor.open(uri, kNoHook, "shellscript");
  EXPECT_THAT(editor.next("window/logMessage")["params"]["message"].get<std::string>(),
              HasSubstr("out of cheese"));
  EXPECT_THAT(codes(editor.pull(uri)), IsEmpty());
  crash = false;
  editor.change(uri, 2, {{{"range", range_of(2, 0, 2, 0)}, {"text", "# more\n"}}});
  EXPECT_THAT(codes(editor.pull(uri)), ElementsAre("NET001"));
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, RequestsThatWaitCanBeCancelled) {
  // An analysis that ends only when it is told to.
  std::atomic<bool> release = false;
  Editor editor([&](const engine::Request& request) {
    while (!release && !request.cancelled()) std::this_thread::yield();
    return std::vector<Finding>();
  });
  const Project project;
  const std::string uri = project.uri("run.sh");
  project.write("run.sh", kNoHook);
  editor.initialize(project.path(), {{"window", {{"workDoneProgress", true}}}});
  const int waiting = editor.ask("textDocument/diagnostic", {{"textDocument", {{"uri", uri}}}});
  // It says hello and answers others meanwhile.
  EXPECT_EQ(code_of(editor.call("no/such", nullptr)), -32601);
  editor.notify("$/cancelRequest", {{"id", waiting}});
  EXPECT_EQ(code_of(editor.answer(waiting)), -32800);
  // The scan itself, by its token.
  const Json token = editor.next("window/workDoneProgress/create")["params"]["token"];
  const int other = editor.ask("textDocument/diagnostic", {{"textDocument", {{"uri", uri}}}});
  Json progress;
  do progress = editor.next("$/progress")["params"]["value"];
  while (progress["kind"] != "report");
  editor.notify("window/workDoneProgress/cancel", {{"token", token}});
  EXPECT_TRUE(editor.answer(other).contains("result"));
  do progress = editor.next("$/progress")["params"]["value"];
  while (progress["kind"] != "end");
  release = true;
  EXPECT_EQ(editor.leave(), 0);
}

TEST(Server, LeavingInTheMiddleOfAnAnalysisDoesNotHang) {
  Editor editor([](const engine::Request& request) {
    while (!request.cancelled()) std::this_thread::yield();
    return std::vector<Finding>();
  });
  const Project project;
  project.write("run.sh", kNoHook);
  editor.initialize(project.path());
  EXPECT_EQ(editor.leave(), 0);
}

}  // namespace
}  // namespace preflint::lsp
