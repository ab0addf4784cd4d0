// PEP 508: the document's own examples, markers, and what is refused with which reason.
#include "model/requirements/requirement.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace preflint::req {
namespace {

Requirement requirement(const std::string& text) {
  auto out = Requirement::parse(text);
  EXPECT_TRUE(out) << text << ": " << (out ? "" : out.error().message);
  return out ? *std::move(out) : Requirement();
}

std::string refused(const std::string& text) {
  const auto out = Requirement::parse(text);
  if (out) return "accepted";
  return std::to_string(out.error().where->begin) + ": " + out.error().message;
}

Tri marker(const std::string& text, const std::string& python = "3.12",
           std::vector<std::string> extras = {}) {
  auto out = Marker::parse(text);
  EXPECT_TRUE(out) << text << ": " << (out ? "" : out.error().message);
  auto environment = MarkerEnvironment::linux_box(python);
  environment.extras = std::move(extras);
  return out ? out->holds(environment) : Tri::maybe;
}

TEST(Requirement, ReadsThePepsExamples) {
  for (const char* text :
       {"A",
        "A.B-C_D",
        "aa",
        "name",
        "name<=1",
        "name>=3",
        "name>=3,",
        "name>=3,<2",
        "name@http://foo.com",
        "name [fred,bar] @ http://foo.com ; python_version=='2.7'",
        "name[quux, strange];python_version<'2.7' and platform_version=='2'",
        "name; os_name=='a' or os_name=='b'",
        "name; os_name=='a' and os_name=='b' or os_name=='c'",
        "name; os_name=='a' and (os_name=='b' or os_name=='c')",
        "name; os_name=='a' or os_name=='b' and os_name=='c'",
        "name; (os_name=='a' or os_name=='b') and os_name=='c'",
        "name (>=3,<2)",
        "name()",
        "name[]",
        "requests [security,tests] >= 2.8.1, == 2.8.* ; python_version < \"2.7\"",
        "pip @ "
        "https://github.com/pypa/pip/archive/"
        "1.3.1.zip#sha1=da9234ee9982d4bbb3c72346a6de940a148ea686",
        "name>=1.0.dev1 ; extra == 'x' and 'linux' in sys_platform",
        "name ; 'a' not in os_name"}) {
    EXPECT_TRUE(Requirement::parse(text)) << text << ": " << refused(text);
  }
}

TEST(Requirement, TellsItsParts) {
  const Requirement r =
      requirement("Torch_Vision [cuda, Extra_2] (>=0.20,<0.24) ; python_version >= '3.8'");
  EXPECT_EQ(r.name, "Torch_Vision");
  EXPECT_EQ(r.project, "torch-vision");
  EXPECT_EQ(r.extras, (std::vector<std::string>{"cuda", "Extra_2"}));
  EXPECT_EQ(r.specifiers.str(), ">=0.20,<0.24");
  EXPECT_EQ(r.specifier_span, (Span{30, 42}));
  EXPECT_FALSE(r.marker.empty());
  EXPECT_EQ(requirement("torch @ file:///tmp/x.whl").url, "file:///tmp/x.whl");
  EXPECT_EQ(requirement("own @ file:./own").url, "file:./own");
}

TEST(Requirement, SaysWhyAndWhere) {
  EXPECT_EQ(refused("numpy=="), "5: no-version: ==");
  EXPECT_EQ(refused("numpy=1.2"), "5: single-equals");
  EXPECT_EQ(refused("numpy>=1.0.*"), "10: wildcard-operator");
  EXPECT_EQ(refused("numpy==latest"), "7: not-a-version: latest");
  EXPECT_EQ(refused("numpy 1.2"), "6: unexpected: 1.2");
  EXPECT_EQ(refused("numpy>=1.0 <2"), "11: comma: <2");
  EXPECT_EQ(refused("pip install numpy"), "0: command");
  EXPECT_EQ(refused("==1.0"), "0: no-name");
  EXPECT_EQ(refused("numpy[a"), "5: open-bracket");
  EXPECT_EQ(refused("numpy (>=1"), "6: open-parenthesis");
  EXPECT_EQ(refused("numpy~=1"), "5: short-version");
  EXPECT_EQ(refused("numpy>=1.0+cu118"), "10: local-operator");
  EXPECT_EQ(refused("numpy; python_version"), "21: marker-operator");
  EXPECT_EQ(refused("numpy; python > '3'"), "7: marker-variable: python");
  EXPECT_EQ(refused("numpy; python_version > 3"), "24: marker-variable: 3");
}

TEST(Marker, IsDecidedForTheImage) {
  EXPECT_EQ(marker("sys_platform == 'win32'"), Tri::no);
  EXPECT_EQ(marker("sys_platform == 'linux'"), Tri::yes);
  EXPECT_EQ(marker("python_version < '3.8'"), Tri::no);
  EXPECT_EQ(marker("python_version >= '3.8'"), Tri::yes);
  EXPECT_EQ(marker("python_version < '3.10'", "3.8"), Tri::yes);
  EXPECT_EQ(marker("'3.8' <= python_version"), Tri::yes);
  EXPECT_EQ(marker("platform_machine in 'x86_64 AMD64'"), Tri::yes);
  EXPECT_EQ(
      marker("platform_machine != 'aarch64' and (sys_platform == 'darwin' or os.name == 'posix')"),
      Tri::yes);
  EXPECT_EQ(marker("platform_release >= '5.10'"), Tri::maybe);
  EXPECT_EQ(marker("python_version >= '3.8'", ""), Tri::maybe);
  EXPECT_EQ(marker("python_version >= '3.8' and sys_platform == 'win32'", ""), Tri::no);
  EXPECT_EQ(marker("python_version >= '3.8' or sys_platform == 'linux'", ""), Tri::yes);
  EXPECT_EQ(marker("python_full_version < '3.12.4'", "3.12.3"), Tri::yes);
  EXPECT_EQ(marker("python_full_version < '3.12.4'", "3.12"), Tri::maybe);
  EXPECT_EQ(marker("extra == 'dev'"), Tri::no);
  EXPECT_EQ(marker("extra == 'Dev_X'", "3.12", {"dev-x"}), Tri::yes);
  EXPECT_EQ(
      marker("platform_python_implementation == 'PyPy' or python_implementation == 'CPython'"),
      Tri::yes);
}

TEST(Marker, NestingIsBounded) {
  EXPECT_FALSE(Marker::parse(std::string(100'000, '(')));
  std::string deep(1000, '(');
  deep += "os_name=='a'";
  deep.append(1000, ')');
  EXPECT_FALSE(Marker::parse(deep));
}

TEST(Archive, TellsProjectAndVersion) {
  const auto wheel = archive_named(
      "https://download.pytorch.org/whl/cu118/"
      "torch-2.1.0%2Bcu118-cp310-cp310-linux_x86_64.whl#sha256=00");
  ASSERT_TRUE(wheel);
  EXPECT_EQ(wheel->project, "torch");
  EXPECT_EQ(wheel->version.str(), "2.1.0+cu118");
  EXPECT_EQ(wheel->python, "cp310");
  EXPECT_EQ(
      archive_named("./flash_attn-2.5.8+cu122torch2.3cxx11abiFALSE-cp310-cp310-linux_x86_64.whl")
          ->project,
      "flash-attn");
  EXPECT_EQ(archive_named("dist/demo-pkg-1.0.tar.gz")->version.str(), "1.0");
  EXPECT_FALSE(archive_named("https://github.com/a/b/archive/main.zip"));
}

TEST(Conda, ReadsMatchSpecifications) {
  const auto specifiers = [](const char* text) {
    const auto out = conda_requirement(text);
    return out ? out->project + " " + out->specifiers.str() : "none";
  };
  EXPECT_EQ(specifiers("pytorch=2.0"), "pytorch ==2.0.*");
  EXPECT_EQ(specifiers("pytorch==2.0.1"), "pytorch ==2.0.1");
  EXPECT_EQ(specifiers("pytorch=2.0.1=py3.8_cuda11.7_cudnn8.5.0_0"), "pytorch ==2.0.1.*");
  EXPECT_EQ(specifiers("pytorch::pytorch >=1.8,<2"), "pytorch >=1.8,<2");
  EXPECT_EQ(specifiers("python=3.10.*"), "python ==3.10.*");
  EXPECT_EQ(specifiers("numpy"), "numpy ");
  EXPECT_EQ(specifiers("numpy 1.21"), "numpy ==1.21");
  EXPECT_EQ(specifiers("numpy 1.8*|1.9"), "none");
}

TEST(Poetry, ReadsCaretsAndTildes) {
  const auto read = [](const char* text) {
    const auto out = poetry_specifiers(text);
    return out ? out->str() : "none";
  };
  EXPECT_EQ(read("^2.1"), ">=2.1,<3");
  EXPECT_EQ(read("^0.2.3"), ">=0.2.3,<0.3");
  EXPECT_EQ(read("~1.2.3"), ">=1.2.3,<1.3");
  EXPECT_EQ(read("2.3.1"), "==2.3.1");
  EXPECT_EQ(read("2.3.*"), "==2.3.*");
  EXPECT_EQ(read("*"), "");
  EXPECT_EQ(read(">=2.0,<2.6"), ">=2.0,<2.6");
  EXPECT_EQ(read("^1 || ^2"), "none");
}

}  // namespace
}  // namespace preflint::req
