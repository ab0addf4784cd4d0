#include "syntax/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "syntax/secret_context.h"

namespace preflint::secrets {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Made for these tests; no service knows them.
const std::string kHex40 = "4f8a1c0b97d2e6635a0c9bd81f27e4a6b3d5c019";
const std::string kHub = "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";
const std::string kSk = "sk-7b3f9e02d14c4a58a6c1f0e9d8b72635";

std::vector<std::string> found(const std::string& text) {
  std::vector<std::string> out;
  for (const Secret& secret : find(text))
    out.push_back(text.substr(secret.span.begin, secret.span.size()));
  return out;
}

TEST(Secrets, FormsThatSpeakForThemselves) {
  EXPECT_THAT(found("login(token=\"" + kHub + "9\")"), ElementsAre(kHub + "9"));
  EXPECT_THAT(found("x = '" + kSk + "'"), ElementsAre(kSk));
  EXPECT_THAT(found("# export AWS_ACCESS_KEY_ID=AKIAQ3EGRZB7TN2VLW5X\n"),
              ElementsAre("AKIAQ3EGRZB7TN2VLW5X"));
  EXPECT_THAT(found("git clone https://me:ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5@github.com/x/y"),
              ElementsAre("ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"));
}

TEST(Secrets, AddressesThatAreKeys) {
  const std::string uuid = "3c9e7f51-b2d8-4a06-9f43-e81c5d7a2b90";
  const std::string hex64 = "9e4b7c1f83d26a05e7f1b9c8d3a2604f5b8e7d9c1a3f6024b7e5d8c9f0a1b362";
  for (const std::string& url :
       {"https://open.feishu.cn/open-apis/bot/v2/hook/" + uuid,
        "https://open.larksuite.com/open-apis/bot/v2/hook/" + uuid,
        "https://oapi.dingtalk.com/robot/send?access_token=" + hex64,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + uuid,
        std::string(
            "https://hooks.slack.com/services/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"),
        std::string("https://sctapi.ftqq.com/SCT284617TqW8nXz3KcRv5LmYb9JdHs2Fg"),
        "https://www.pushplus.plus/send?token=" + hex64.substr(0, 32),
        std::string("https://api.day.app/vK7mQ2xRz9LnTc4WbYh8Jd")}) {
    EXPECT_THAT(found("curl -s '" + url + "' -d @message.json"), ElementsAre(url));
    EXPECT_EQ(masked("x=" + url).find(uuid), std::string::npos);
  }
  for (const std::string& url :
       {std::string(
            "https://open.feishu.cn/open-apis/bot/v2/hook/YOUR_WEBHOOK_ID_OF_36_CHARACTERS_X"),
        std::string(
            "https://open.feishu.cn/open-apis/bot/v2/hook/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        std::string(
            "https://open.feishu.cn/open-apis/bot/v2/hook/a1b2c3d4-e5f6-7a8b-9c0d-e1f2a3b4c5d6"),
        std::string(
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"),
        std::string("https://oapi.dingtalk.com/robot/send?access_token=your-token"),
        std::string("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=$WECOM_KEY"),
        "https://example.com/hook/" + uuid, "dataset/" + uuid + "/part.json"}) {
    EXPECT_THAT(found("curl -s '" + url + "'"), ElementsAre()) << url;
  }
}

TEST(Secrets, NamesGiveAwayTheRest) {
  for (const std::string before :
       {"export WANDB_API_KEY=", "WANDB_API_KEY=\"", "os.environ[\"WANDB_API_KEY\"] = \"",
        "os.environ['WANDB_API_KEY']='", "wandb.login(key=\"", "wandb.login(\"", "wandb login ",
        "wandb login --relogin ", "export WANDB_API_KEY=${WANDB_API_KEY:-",
        "os.environ.setdefault(\"WANDB_API_KEY\", \"", "os.getenv('WANDB_API_KEY', '",
        "parser.add_argument('--wandb_key', type=str, default='", "{\"wandb_key\": \"",
        "wandb_key: str = \"", "machine api.wandb.ai\n  login user\n  password ",
        "'{\\\"api_key\\\": \\\"", "wandb.login(relogin=True, key='", "--wandb-api-key "}) {
    EXPECT_THAT(found(before + kHex40), ElementsAre(kHex40)) << before;
  }
}

TEST(Secrets, ChecksumsAndPlaceholdersAreNone) {
  for (const std::string& text :
       {"git checkout " + kHex40,
        "sha1 = \"" + kHex40 + "\"",
        "echo \"" + kHex40 + "  model.bin\" | sha1sum -c",
        "revision=\"" + kHex40 + "\"",
        "\"cache_key\": \"" + kHex40 + "\"",
        std::string("hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        std::string("api_key=\"your_openai_api_key_123456\""),
        std::string("sk-1234567890abcdef1234567890abcdef"),
        std::string("export DESEC_TOKEN=d41d8cd98f00b204e9800998ecf8427e"),
        std::string("OPENAI_API_KEY=sk-no-key-required-000"),
        std::string("OPENAI_API_KEY=sk-goesherebetweenthesetwoquotesandnobodyelseseesit"),
        std::string("OPENAI_API_KEY=sk-qwertyuiopasdfghjklzxcvbnmpoiuytrewqlkjhgfdsamnk"),
        std::string("wandb login $WANDB_API_KEY"),
        std::string("api_key = os.environ['DEEPSEEK_API_KEY_2024']"),
        std::string("WANDB_API_KEY=0000000000000000000000000000000000000000"),
        std::string("pad_token=\"<|endoftext|>\""),
        std::string("token = \"Qwen2_5-7B-Instruct-GPTQ-Int4\""),
        std::string("api_key=\"EMPTY\""),
        std::string("access_token = get_access_token_from_cache(1234)"),
        "{'sample_token': '" + kHex40.substr(0, 32) + "'}",
        "'sample_token': '" + kHex40.substr(0, 32) + kHex40.substr(8) + "',",
        "pose = nuscenes.get('ego_pose', t)  # {'token': '" + kHex40.substr(0, 32) + "'}",
        std::string("hf_hub_download_with_retry_and_cache_12")}) {
    EXPECT_THAT(found(text), IsEmpty()) << text;
  }
}

TEST(Secrets, IdsThatAreCalledTokens) {
  const std::string id = kHex40.substr(0, 32);
  EXPECT_THAT(found("HIGH_TOKEN=" + id), IsEmpty());
  EXPECT_THAT(found("run --boundary-token " + id), IsEmpty());
  EXPECT_THAT(found("'instance_token': '" + id + "'"), IsEmpty());
  EXPECT_THAT(found("API_TOKEN=" + id), ElementsAre(id));
  EXPECT_THAT(found("TOKEN=" + id + "; curl -H \"Authorization: $TOKEN\" x"), ElementsAre(id));
  EXPECT_THAT(found("TOKEN=" + kHex40), ElementsAre(kHex40)) << "of another length";
}

TEST(Secrets, PrivateKeysNeedABody) {
  const std::string body =
      "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUx\n";
  EXPECT_THAT(found("-----BEGIN OPENSSH PRIVATE KEY-----\n" + body),
              ElementsAre("-----BEGIN OPENSSH PRIVATE KEY-----"));
  EXPECT_THAT(found("grep -q -- '-----BEGIN OPENSSH PRIVATE KEY-----' \"$file\""), IsEmpty());
  EXPECT_THAT(found("k = \"-----BEGIN OPENSSH PRIVATE KEY-----\\ntest\\n-----END OPENSSH PRIVATE "
                    "KEY-----\"; encode(k.strip().lower().upper())"),
              IsEmpty());
  EXPECT_EQ(
      masked("-----BEGIN RSA PRIVATE KEY-----\\n" + body.substr(0, 70) + "-----END").find("b3Blb"),
      std::string::npos);
}

TEST(Secrets, MaskingKeepsLengthAndPrefix) {
  EXPECT_EQ(masked("token=" + kHub), "token=hf_" + std::string(kHub.size() - 3, '*'));
  EXPECT_EQ(masked("sshpass -p 'aB3x' ssh box"), "sshpass -p '****' ssh box");
  EXPECT_EQ(masked("sshpass -p\"aB3x\" ssh box"), "sshpass -p\"****\" ssh box");
  EXPECT_EQ(masked("ssh.connect(host, password=\"aB3x\")"), "ssh.connect(host, password=\"****\")");
  EXPECT_EQ(masked("PASSWORD=aB3x; ssh"), "PASSWORD=****; ssh");
  EXPECT_EQ(masked("\"password\": \"aB3x\","), "\"password\": \"****\",");
  for (const std::string plain : {"sshpass -p \"$PW\" ssh box", "password = getpass()",
                                  "def f(password: str = None):", "cd $PWD; PWD=$1"}) {
    EXPECT_EQ(masked(plain), plain);
  }
}

TEST(Secrets, NamesOfHolders) {
  for (const char* name :
       {"WANDB_API_KEY", "HF_TOKEN", "wandbKey", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY",
        "SSH_PASSWORD", "token", "api-key", "WANDB_KEY"}) {
    EXPECT_TRUE(names_secret(name)) << name;
  }
  for (const char* name : {"PWD", "pad_token", "max_tokens", "tokenizer", "KEY_FILE",
                           "SSH_KEY_PATH", "public_key", "keyword", "PORT", "num_token"}) {
    EXPECT_FALSE(names_secret(name)) << name;
  }
}

}  // namespace
}  // namespace preflint::secrets
