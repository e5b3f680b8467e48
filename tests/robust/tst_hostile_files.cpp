// Files made to do harm: too deep, too many, too large by their own account, circular, overlapping,
// or with names that a terminal would obey. Each is opened in a process of its own that may take
// two seconds of processor time and 300 MB; it ends with an error, or with a network that says what
// is wrong with it.
#include "model/analysis/history.h"
#include "model/containers/npz.h"
#include "model/containers/tensor_bundle.h"
#include "model/core/json.h"
#include "model/formats/format.h"
#include "model/training/data_set.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/look.h"
#include "tests/robust/hostile_files.h"
#include "tests/robust/program.h"

#include <QJsonDocument>
#include <QtTest>

using namespace layerscope;
using namespace layerscope::robust;

namespace {

using Make = std::function<fs::path()>;

#if defined(__SANITIZE_ADDRESS__)
constexpr rlim_t mostSeconds = 60;
constexpr rlim_t mostBytes = RLIM_INFINITY; // sanitizers reserve address space of their own
#else
constexpr rlim_t mostSeconds = 2;
constexpr rlim_t mostBytes = 300U << 20U;
#endif

} // namespace

Q_DECLARE_METATYPE(Make)

class tst_HostileFiles : public QObject
{
    Q_OBJECT

    static void row(const char* name, Make make) { QTest::newRow(name) << std::move(make); }

    static void configurations()
    {
        row("h5, JSON nested a million levels", [] { return h5With(repeated("[", 1'000'000)); });
        row("h5, layers nested 10,000 levels",
            [] { return h5With(repeated(head, 10'000) + repeated("]}}", 10'000)); });
        row("h5, layers nested 400 levels",
            [] { return h5With(repeated(head, 200) + repeated("]}}", 200)); });
        row("h5, a million layers", [] {
            return h5With(head
                + repeated(
                    R"({"class_name": "Dense", "config": {"name": "d", "units": 1}},)", 999'999)
                + R"({"class_name": "Dense", "config": {"name": "d", "units": 1}}]}})");
        });
        row("h5, a million numbers", [] {
            return h5With(R"({"class_name": "Sequential", "config": {"layers": []}, "x": [)"
                + repeated("1,", 1'000'000) + "1]}");
        });
        row("h5, a text of 30 MB", [] {
            return h5With(
                std::string(R"({"class_name": ")") + std::string(30'000'000, 'a') + "\"}");
        });
        row("h5, two layers that feed each other", [] {
            return h5With(
                functional(inputLayer + "," + dense("a", "b") + "," + dense("b", "a"), "b"));
        });
        row("h5, a chain of 20,000 layers, last first", [] {
            std::string layers = inputLayer;
            for (int i = 20'000; i > 0; --i)
                layers += ","
                    + dense("d" + std::to_string(i), i == 1 ? "in" : "d" + std::to_string(i - 1));
            return h5With(functional(layers, "d20000"));
        });
        row("h5, every layer twice on itself 40 times over", [] { // 2^40 paths
            std::string layers = inputLayer;
            for (int i = 1; i <= 40; ++i) {
                const std::string from = i == 1 ? "in" : "d" + std::to_string(i - 1);
                layers += R"(,{"class_name": "Add", "name": "d)" + std::to_string(i)
                    + R"(", "config": {"name": "d)" + std::to_string(i)
                    + R"("}, "inbound_nodes": [[[")" + from + R"(", 0, 0, {}], [")" + from
                    + R"(", 0, 0, {}]]]})";
            }
            return h5With(functional(layers, "d40"));
        });
        row("h5, units beyond 64 bits", [] {
            return h5With(std::string(head)
                + R"({"class_name": "Dense", "config": {"name": "d", "units": 9223372036854775807,
                    "batch_input_shape": [null, 9223372036854775807]}}]}})");
        });
        row("h5, an image that grows 2^31 times", [] {
            return h5With(std::string(head)
                + R"({"class_name": "UpSampling2D", "config": {"name": "u", "size": [65536, 65536],
                    "batch_input_shape": [null, 65536, 65536, 3], "interpolation": "bilinear"}}]}})");
        });
        row("h5, a rank of 100,000", [] {
            return h5With(std::string(head)
                + R"({"class_name": "Flatten", "config": {"name": "f", "batch_input_shape": [null)"
                + repeated(",2", 100'000) + "]}}]}}");
        });
    }

    static void hdf5()
    {
        row("h5, a group inside itself", [] {
            return h5With("{}", [](containers::Hdf5Group& root) {
                auto weights = *root.group("model_weights");
                (void)weights.setNameList("layer_names", { "again/again/again/again" });
                (void)weights.linkTo(weights, "again");
                (void)weights.linkTo(root, "root");
            });
        });
        row("h5, 20,000 attributes", [] {
            return h5With("{}", [](containers::Hdf5Group& root) {
                for (int i = 0; i < 20'000; ++i)
                    (void)root.setText("a" + std::to_string(i), "x");
            });
        });
        row("h5, 100,000 names of layers that are not there", [] {
            return h5With("{}", [](containers::Hdf5Group& root) {
                auto weights = *root.group("model_weights");
                std::vector<std::string> names;
                for (int i = 0; i < 100'000; ++i)
                    names.push_back("layer" + std::to_string(i));
                (void)weights.setNameList("layer_names", names);
            });
        });
        row("h5, the same weight 100,000 times", [] {
            return h5With("{}", [](containers::Hdf5Group& root) {
                auto weights = *root.group("model_weights");
                (void)weights.setNameList("layer_names", { "d" });
                auto layer = *weights.createGroup("d");
                (void)layer.setNameList(
                    "weight_names", std::vector<std::string>(100'000, "kernel"));
                auto kernel = *layer.createDataset("kernel", DType::Float32, { 4 });
                (void)kernel.store(Tensor::of<float>({ 4 }, { 1, 2, 3, 4 }));
            });
        });
        row("h5, names of 60,000 bytes and of control characters", [] {
            return h5With("{}", [](containers::Hdf5Group& root) {
                auto weights = *root.group("model_weights");
                (void)weights.setNameList(
                    "layer_names", { std::string(60'000, 'n'), "a\x1b[2J\r\n", "..", "/", "" });
            });
        });
    }

    static void archives()
    {
        row("npz, a member of 2^62 numbers", [] {
            return fuzz::write(
                "x.npz", fuzz::zipOf({ { "x.npy", npy("(4611686018427387904,)") } }));
        });
        row("npz, a product beyond 64 bits", [] {
            return fuzz::write(
                "x.npz", fuzz::zipOf({ { "x.npy", npy("(4294967296, 4294967296, 4)") } }));
        });
        row("npz, members that overlap", [] {
            // The second entry of the directory points to the first member.
            return fuzz::write(
                "x.npz", patched(twoMembers(), central, 1, 42, std::string_view("\0\0\0\0", 4)));
        });
        row("npz, a local header of another name",
            [] { return fuzz::write("x.npz", patched(twoMembers(), local, 1, 30, "z")); });
        row("npz, a local header that claims another size", [] {
            return fuzz::write(
                "x.npz", patched(twoMembers(), local, 0, 18, "\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7F"));
        });
        row("npz, a directory that claims another size", [] {
            return fuzz::write(
                "x.npz", patched(twoMembers(), central, 0, 20, "\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7F"));
        });
        row("npz, a local header beyond the end", [] {
            return fuzz::write("x.npz", patched(twoMembers(), central, 0, 42, "\xFF\xFF\xFF\x7F"));
        });
        row("npz, a way out of the archive", [] {
            static const std::string x = npy("(16,)");
            return fuzz::write(
                "x.npz", fuzz::zipOf({ { "../../escaped.npy", x }, { "/tmp/escaped.npy", x } }));
        });
        row("npz, 60,000 members", [] {
            static const std::string x = npy("(1,)", "<f4", 4);
            std::vector<std::pair<std::string, std::string_view>> members;
            for (int i = 0; i < 60'000; ++i)
                members.emplace_back("x_" + std::to_string(i) + ".npy", x);
            return fuzz::write("x.npz", fuzz::zipOf(members));
        });
        row("keras, overlapping members", [] {
            const std::string archive = fuzz::zipOf({ { "config.json", "{}" },
                { "metadata.json", "{}" }, { "model.weights.h5", "\x89HDF\r\n\x1a\n" } });
            return fuzz::write(
                "x.keras", patched(archive, central, 2, 42, std::string_view("\0\0\0\0", 4)));
        });
        row("keras, a configuration of a million levels", [] {
            static const std::string config = repeated("[", 1'000'000);
            return fuzz::write("x.keras",
                fuzz::zipOf({ { "config.json", config }, { "metadata.json", "{}" },
                    { "model.weights.h5", "" } }));
        });
        row("keras, a million layers", [] {
            static const std::string config = head
                + repeated(R"({"class_name": "Dense", "config": {"name": "d"}},)", 999'999)
                + "{}]}}";
            return fuzz::write("x.keras",
                fuzz::zipOf({ { "config.json", config }, { "metadata.json", "{}" },
                    { "model.weights.h5", "" } }));
        });
    }

    static void arrays()
    {
        const auto file = [](const char* name, const std::string& bytes) {
            return [name, bytes] { return fuzz::write(name, bytes); };
        };
        row("npy, 2^62 numbers", file("x.npy", npy("(4611686018427387904,)")));
        row("npy, a negative axis", file("x.npy", npy("(-4, -4)")));
        row("npy, 10,000 axes", file("x.npy", npy("(" + repeated("1,", 10'000) + ")")));
        row("npy, brackets without end", file("x.npy", npyHeader(repeated("(", 60'000))));
        row("npy, a type of 2^31 bytes", file("x.npy", npy("(1,)", "|S2147483647")));
        row("npy, a text of 2^62 characters", file("x.npy", npy("(1,)", "<U4611686018427387904")));
        row("npy, pickled", file("x.npy", npy("(1,)", "|O")));
        row("npy, no numbers of 2^62 axes' product",
            file("x.npy", npy("(0, 4611686018427387904, 4611686018427387904)")));
    }

    static void bundles()
    {
        using Entry = tensorflow::BundleEntry;
        const auto entry = [](std::function<void(Entry&)> change) {
            return [change = std::move(change)] { return bundleWith(change); };
        };
        row("checkpoint, an entry behind the end",
            entry([](Entry& e) { e.set_offset(1LL << 40); }));
        row("checkpoint, an entry over the end", entry([](Entry& e) { e.set_offset(8); }));
        row("checkpoint, offset and size beyond 64 bits", entry([](Entry& e) {
            e.set_offset(0x7FFFFFFFFFFFFFFF);
            e.set_size(0x7FFFFFFFFFFFFFFF);
        }));
        row("checkpoint, a negative offset", entry([](Entry& e) { e.set_offset(-16); }));
        row("checkpoint, a product that wraps to the size",
            entry([](Entry& e) { e.mutable_shape()->mutable_dim(0)->set_size((1LL << 62) + 4); }));
        row("checkpoint, 2^40 strings", entry([](Entry& e) {
            e.set_dtype(7);
            e.mutable_shape()->mutable_dim(0)->set_size(1LL << 40);
        }));
        row("checkpoint, slices of a whole of 2^40 bytes", entry([](Entry& e) {
            e.mutable_shape()->mutable_dim(0)->set_size(1LL << 38);
            e.add_slices()->add_extent();
        }));
        row("checkpoint, 100,000 axes", entry([](Entry& e) {
            for (int i = 0; i < 100'000; ++i)
                e.mutable_shape()->add_dim()->set_size(1);
        }));
        row("checkpoint, a block that unfolds to 3 GB", snappyBomb);
        row("saved model, protobuf nested 100,000 levels", deepProtobuf);
    }

    static void tables()
    {
        row("csv, a line of 20 MB",
            [] { return fuzz::write("x.csv", repeated("1,", 10'000'000)); });
        row("csv, a quote that never ends",
            [] { return fuzz::write("x.csv", "a,b\n\"" + std::string(20'000'000, 'x')); });
        row("csv, a million lines of two numbers",
            [] { return fuzz::write("x.csv", "epoch,loss\n" + repeated("1,2\n", 1'000'000)); });
        row("history.json, a million levels",
            [] { return fuzz::write("history.json", "{\"loss\": " + repeated("[", 1'000'000)); });
        row("event file, a record of 2^63 bytes", [] {
            return fuzz::write("events.out.tfevents.1",
                std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 8) + std::string("\0\0\0\0", 4)
                    + "x");
        });
    }

    /// Whatever the file is: everything that reads it.
    static void openInEveryWay(const fs::path& path)
    {
        if (const auto network = formats::openNetwork(path)) {
            fuzz::look(*network);
            fuzz::describe(*network);
        }
        (void)analysis::readHistory(path);
        (void)containers::readNpy(path);
        (void)containers::readNpz(path);
        (void)training::loadDataSet({ .source = path.string() });
        (void)training::csvColumns(path);
        if (const auto bundle = containers::TensorBundle::open(path))
            for (const auto& [key, entry] : bundle->entries())
                if (const auto tensor = bundle->tensor(key))
                    (void)tensor->load();
    }

private slots:
    void areOpenedInTwoSecondsAnd300MB_data()
    {
        QTest::addColumn<Make>("make");
        configurations();
        hdf5();
        archives();
        arrays();
        bundles();
        tables();
    }
    void areOpenedInTwoSecondsAnd300MB()
    {
        QFETCH(Make, make);
        for (const auto& entry : fs::directory_iterator(fuzz::scratch()))
            fs::remove_all(entry.path());
        const fs::path path = make();
        const pid_t child = ::fork();
        if (child == 0) {
            const struct rlimit bytes = { mostBytes, mostBytes };
            const struct rlimit seconds = { mostSeconds, mostSeconds };
            ::setrlimit(RLIMIT_DATA, &bytes);
            ::setrlimit(RLIMIT_CPU, &seconds);
            try {
                openInEveryWay(path);
            } catch (const std::exception& exception) {
                std::fprintf(stderr, "an exception got out: %s\n", exception.what());
                ::_exit(1);
            }
            ::_exit(0);
        }
        int status = 0;
        struct rusage usage = {};
        ::wait4(child, &status, 0, &usage);
        qInfo("%ld ms, %ld MB",
            (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
                + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000,
            usage.ru_maxrss / 1024);
        QVERIFY2(WIFEXITED(status),
            qPrintable(QStringLiteral("ended by signal %1").arg(WTERMSIG(status))));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
    void cleanup()
    {
        QVERIFY(!fs::exists("/tmp/escaped.npy"));
        QVERIFY(!fs::exists(fuzz::scratch().parent_path() / "escaped.npy"));
    }

    void showNoControlCharacters_data()
    {
        QTest::addColumn<bool>("json");
        QTest::newRow("table") << false;
        QTest::newRow("JSON") << true;
    }
    void showNoControlCharacters()
    {
        QFETCH(bool, json);
        const std::string evil = "a\x1b]0;owned\x07\x1b[2J\r\n\tb\x7f\xc2\x9b"
                                 "31mc\xe2\x80\xae";
        Json layer;
        layer["class_name"] = evil;
        layer["config"]["name"] = evil;
        layer["config"]["activation"] = evil;
        Json config;
        config["class_name"] = "Sequential";
        config["config"]["name"] = evil;
        config["config"]["layers"] = Json::array({ layer });
        const fs::path path = h5With(dumpJson(config), [&](containers::Hdf5Group& root) {
            auto weights = *root.group("model_weights");
            (void)weights.setNameList("layer_names", { evil });
            auto group = *weights.createGroup("x");
            (void)root.setText("keras_version", evil);
            (void)root.setText("training_config", "{\"loss\": " + dumpJson(Json(evil)) + "}");
        });
        const auto run = robust::runProgram(json
                ? std::vector<std::string>{ "inspect", path.string(), "--json" }
                : std::vector<std::string>{ "inspect", path.string(), "--stats" },
            fuzz::scratch());
        const QByteArray all = run.out + run.err;
        QVERIFY(all.size() > 100);
        for (const char c : all)
            QVERIFY2(
                c == '\n' || (static_cast<unsigned char>(c) >= 32 && c != 127), all.constData());
        QVERIFY(!all.contains("\xc2\x9b") && (json || !all.contains("\xe2\x80\xae")));
        if (json)
            QVERIFY(QJsonDocument::fromJson(run.out).isObject());
    }
};

QTEST_GUILESS_MAIN(tst_HostileFiles)
#include "tst_hostile_files.moc"
