#include "map/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace preflint::map {
namespace {

struct Word {
  std::string_view key, en, zh;
};

constexpr Word kWords[] = {
    {"title", "Job map", "任务地图"},
    {"entry", "Entry", "入口"},
    {"local", "on your machine", "在本地运行"},
    {"steps", "Steps in order", "执行步骤"},
    {"artefacts", "What is left where", "文件落在哪里"},
    {"kind", "kind", "类型"},
    {"path", "path", "路径"},
    {"tier", "tier", "存储"},
    {"stop", "stop", "关机"},
    {"reset", "reset", "重置"},
    {"release", "release", "释放"},
    {"image", "image", "镜像"},
    {"survives", "survives", "能否保留"},
    {"days", "gone after", "消失时间"},
    {"days-off", "{} days off", "关机 {} 天"},
    {"by", "written by", "由谁写入"},
    {"lost", "Not durable", "无法长期保留"},
    {"lost-none", "Everything that the job saves is kept where it survives.",
     "任务保存的内容都有能保留的副本。"},
    {"kept", "Kept elsewhere", "另有副本"},
    {"kept-as", "kept as", "副本在"},
    {"hook-on", "hook on", "加速已开"},
    {"hook-off", "hook off", "加速未开"},
    {"hook-maybe", "hook not sure", "加速不确定"},
    {"off-box", "off the box", "机器之外"},
    {"unknown", "unknown", "未知"},
    {"nothing", "Nothing here starts or saves anything that preflint can follow.",
     "没有发现可以跟踪的启动或保存动作。"},
    {"profiles", "Profiles side by side", "平台对比"},
    {"scripts", "scripts", "脚本"},
    {"background", "background", "后台"},
    {"loop", "in a loop", "循环中"},
    {"legend", "A dot is where a script writes into a tier; dashed tiers do not survive a release.",
     "圆点表示脚本写入该存储；虚线框的存储在释放后不保留。"},
    {"made-by", "made by preflint map", "由 preflint map 生成"},
};

std::string_view pick(Language language, std::string_view en, std::string_view zh) {
  return language == Language::zh ? zh : en;
}

}  // namespace

std::string_view word(std::string_view key, Language language) {
  const auto at = std::find_if(std::begin(kWords), std::end(kWords),
                               [&](const Word& one) { return one.key == key; });
  return at == std::end(kWords) ? key : pick(language, at->en, at->zh);
}

std::string_view name_of(Item::Kind kind, Language language) {
  switch (kind) {
    case Item::checkpoint:
      return pick(language, "checkpoint", "检查点");
    case Item::copy:
      return pick(language, "copy", "副本");
    case Item::event_files:
      return pick(language, "event files", "事件文件");
    case Item::cache:
      return pick(language, "cache", "下载缓存");
    case Item::log:
      return pick(language, "log", "日志");
    case Item::sample:
      return pick(language, "samples", "样本文件");
    case Item::unpacked:
      return pick(language, "unpacked", "展开的目录");
  }
  return "";
}

std::string_view name_of(Step::Kind kind, Language language) {
  switch (kind) {
    case Step::hook:
      return pick(language, "hook", "加速");
    case Step::external:
      return pick(language, "network", "联网");
    case Step::install:
      return pick(language, "install", "安装");
    case Step::launch:
      return pick(language, "start", "启动");
    case Step::session:
      return pick(language, "session", "会话");
    case Step::copy:
      return pick(language, "copy", "复制");
    case Step::removal:
      return pick(language, "delete", "删除");
    case Step::stop:
      return pick(language, "stop", "关机");
    case Step::release:
      return pick(language, "release", "释放");
  }
  return "";
}

std::string_view name_of_tier(std::string_view tier, Language language) {
  if (tier == "system") return pick(language, "system", "系统盘");
  if (tier == "data") return pick(language, "data", "数据盘");
  if (tier == "shared") return pick(language, "shared", "共享存储");
  if (tier == "public") return pick(language, "public", "公共数据");
  return tier.empty() ? word("unknown", language) : tier;
}

std::string_view answer(std::optional<bool> survives, Language language) {
  if (!survives) return "?";
  return *survives ? pick(language, "yes", "是") : pick(language, "no", "否");
}

bool at_risk(const Item& item) {
  if (item.kind == Item::cache || item.kind == Item::unpacked) return false;
  return item.kept_as.empty() &&
         (item.durable == Tri::no || item.release == false || item.stop == false);
}

std::string fate(const Item& item, Language language) {
  const bool zh = language == Language::zh;
  if (!item.kept_as.empty()) return fmt::format("{} {}", word("kept-as", language), item.kept_as);
  if (item.stop == false) return zh ? "关机就没了" : "lost at a stop";
  if (item.release == false && item.days) {
    return zh ? fmt::format("释放后消失（关机 {} 天自动释放）", *item.days)
              : fmt::format("lost at a release, by itself after {} days off", *item.days);
  }
  if (item.release == false) return zh ? "释放后消失" : "lost when the instance is given back";
  if (item.release == true) return zh ? "释放后仍在" : "survives a release";
  return zh ? "落在哪里不确定" : "where it lands is not known";
}

}  // namespace preflint::map
