// A finding in a text inside another text points at the command where it is written in the outer
// file: what the range cuts out of the file is the command itself, however it is quoted around.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/lint.h"

namespace preflint::testing {
namespace {

struct Form {
  const char* name;
  const char* path;
  const char* text;  // holds the command once
};

constexpr const char* kCommand = "git pull origin main";

constexpr Form kForms[] = {
    {"bash_c", "x.sh", "bash -c 'cd demo && git pull origin main'\n"},
    {"bash_c_double", "x.sh", "bash -c \"cd demo && git pull origin main\"\n"},
    {"bash_c_unquoted_rest", "x.sh", "bash -c 'git pull origin main' _ a b\n"},
    {"sh_c", "x.sh", "sh -c 'cd demo; git pull origin main'\n"},
    {"eval", "x.sh", "eval 'cd demo; git pull origin main'\n"},
    {"eval_double", "x.sh", "eval \"cd demo; git pull origin main\"\n"},
    {"ssh_word", "x.sh", "ssh box 'cd demo && git pull origin main'\n"},
    {"ssh_words", "x.sh", "ssh box git pull origin main\n"},
    {"ssh_options", "x.sh",
     "ssh -p 22 -o BatchMode=yes root@box \"cd demo; git pull origin main\"\n"},
    {"ssh_heredoc", "x.sh", "ssh box <<EOF\ncd demo\ngit pull origin main\nEOF\n"},
    {"ssh_heredoc_quoted", "x.sh", "ssh box bash -s <<'EOF'\ncd demo\ngit pull origin main\nEOF\n"},
    {"ssh_heredoc_escaped", "x.sh", "ssh box <<EOF\nD=demo; cd \\$D; git pull origin main\nEOF\n"},
    {"ssh_heredoc_expanded", "x.sh",
     "D=a-long-folder\nssh box <<EOF\ncd $D; git pull origin main\nEOF\n"},
    {"expect_c", "x.sh",
     "expect -c 'spawn ssh root@box; expect \"# \"; send \"cd demo; git pull origin main\\r\"; "
     "interact'\n"},
    {"expect_c_double", "x.sh",
     "expect -c \"spawn ssh root@box; expect \\\"# \\\"; send \\\"git pull origin main\\r\\\"\"\n"},
    {"expect_heredoc", "x.sh",
     "expect <<EOF\nspawn ssh -p $PORT root@box\nexpect \"password:\"\nsend \"$PASS\\r\"\nexpect "
     "\"# \"\nsend \"cd demo && git pull origin main\\r\"\nEOF\n"},
    {"expect_spawn", "x.sh",
     "expect <<'EOF'\nspawn ssh root@box \"cd demo; git pull origin main\"\nexpect eof\nEOF\n"},
    {"expect_braces", "x.sh",
     "expect <<'EOF'\nspawn ssh root@box\nexpect {\n  \"yes/no\" { send \"yes\\r\"; exp_continue "
     "}\n  \"# \" { send -- \"git pull origin main\\r\" }\n}\nEOF\n"},
    {"heredoc_tabs", "x.sh", "bash <<-EOF\n\t\tcd demo\n\t\tgit pull origin main\n\tEOF\n"},
    {"heredoc_bash", "x.sh", "bash <<'EOF'\ngit pull origin main\nEOF\n"},
    {"here_string", "x.sh", "bash <<< 'cd demo; git pull origin main'\n"},
    {"tmux_new", "x.sh", "tmux new-session -d -s a 'cd demo; git pull origin main'\n"},
    {"tmux_words", "x.sh", "tmux new -d -s a bash -c 'cd demo; git pull origin main'\n"},
    {"tmux_send_keys", "x.sh", "tmux send-keys -t a 'git pull origin main' C-m\n"},
    {"screen", "x.sh", "screen -dmS a bash -c 'git pull origin main'\n"},
    {"screen_stuff", "x.sh", "screen -S a -X stuff 'git pull origin main'\n"},
    {"xargs", "x.sh", "ls | xargs -n 1 sh -c 'cd \"$1\" && git pull origin main' _\n"},
    {"find_exec", "x.sh",
     "find . -type d -exec sh -c 'cd \"$1\"; git pull origin main' _ {} \\;\n"},
    {"su_c", "x.sh", "su -c 'git pull origin main' root\n"},
    {"nohup", "x.sh", "nohup bash -c 'cd demo; git pull origin main' >log 2>&1 &\n"},
    {"nested_twice", "x.sh", "bash -c \"timeout 5 bash -c 'cd demo; git pull origin main'\"\n"},
    {"nested_ssh", "x.sh", "ssh box \"bash -c 'cd demo; git pull origin main'\"\n"},
    {"nested_escaped", "x.sh", "ssh box \"bash -c \\\"cd demo; git pull origin main\\\"\"\n"},
    {"nested_heredoc", "x.sh", "ssh box <<'EOF'\nbash -c 'cd demo; git pull origin main'\nEOF\n"},
    {"ansi", "x.sh", "bash -c $'echo \\'a\\'\\tb\\ngit pull origin main'\n"},
    {"spliced", "x.sh", "bash -c 'echo \"it'\\''s\"; git pull origin main'\n"},
    {"chinese", "x.sh", "bash -c '进入=1; echo \"更新代码\"; git pull origin main'\n"},
    {"chinese_ssh", "x.sh", "# 更新远端\nssh box '# 中文注释\n: \"完成\"; git pull origin main'\n"},
    {"continued", "x.sh", "bash -c \"cd demo && \\\n  git pull origin main\"\n"},
    {"escaped_dollars", "x.sh",
     "bash -c \"for i in 1; do echo \\$i; git pull origin main; done\"\n"},
    {"variable", "x.sh", "D=demo\nbash -c \"cd $D; git pull origin main\"\n"},
    {"substitution", "x.sh", "v=$(bash -c 'git pull origin main')\n"},
    {"backquotes", "x.sh", "v=`git pull origin main`\n"},
    {"trap", "x.sh", "trap 'git pull origin main' EXIT\n"},
    {"function_arguments", "x.sh", "run() { timeout 5 \"$@\"; }\nrun git pull origin main\n"},
    {"python_c", "x.sh",
     "/root/miniconda3/bin/python -c 'import os; os.system(\"git pull origin main\")'\n"},
    {"python_heredoc", "x.sh",
     "/root/miniconda3/bin/python - <<'EOF'\nimport os\nos.system(\"git pull origin "
     "main\")\nEOF\n"},
    {"crlf", "x.sh", "cd demo\r\nbash -c 'git pull origin main'\r\n"},
    {"os_system", "x.py", "import os\nos.system(\"cd demo; git pull origin main\")\n"},
    {"os_system_escapes", "x.py", "import os\nos.system('echo \\'a\\'\\n git pull origin main')\n"},
    {"os_system_variable", "x.py",
     "import os\ntext = \"cd demo && git pull origin main\"\nos.system(text)\n"},
    {"os_system_f", "x.py",
     "import os\nd = \"demo\"\nos.system(f\"cd {d} && git pull origin main\")\n"},
    {"os_system_triple", "x.py",
     "import os\nos.system(\"\"\"\n  cd 演示\n  git pull origin main\n\"\"\")\n"},
    {"subprocess_string", "x.py",
     "import subprocess\nsubprocess.run(\"git pull origin main\", shell=True, check=True)\n"},
    {"subprocess_bash", "x.py",
     "import subprocess\nsubprocess.run([\"bash\", \"-c\", \"cd demo; git pull origin main\"], "
     "check=True)\n"},
    {"exec_command", "x.py",
     "import paramiko\nc = paramiko.SSHClient()\nc.exec_command(\"cd demo; git pull origin "
     "main\")\n"},
};

class EmbeddedPositions : public ::testing::TestWithParam<Form> {};

TEST_P(EmbeddedPositions, CutOutTheCommand) {
  const Form& form = GetParam();
  std::vector<std::string> texts;
  for (const Found& found : lint({{form.path, form.text}})) {
    if (found.rule == "NET001") texts.push_back(found.text);
  }
  EXPECT_EQ(texts, std::vector<std::string>{kCommand}) << form.text;
}

INSTANTIATE_TEST_SUITE_P(Form, EmbeddedPositions, ::testing::ValuesIn(kForms),
                         [](const auto& form) { return std::string(form.param.name); });

/// A list's words are written apart from each other: the range goes from the first to the last.
TEST(EmbeddedPlaces, ListsOfWords) {
  const std::string text =
      "import subprocess\nsubprocess.run([\"git\", \"pull\", \"origin\"], check=True)\n";
  std::vector<std::string> texts;
  for (const Found& found : lint({{"x.py", text}})) texts.push_back(found.text);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0], "git\", \"pull\", \"origin");
}

/// `ssh HOST bash -s < file`: the finding lies in the file.
TEST(EmbeddedPlaces, FilesFedToSsh) {
  const auto found = lint(
      {{"run.sh", "ssh box bash -s < sent.sh\n"}, {"sent.sh", "cd demo\ngit pull origin main\n"}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "sent.sh");
  EXPECT_EQ(found[0].text, kCommand);
}

}  // namespace
}  // namespace preflint::testing
