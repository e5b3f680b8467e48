#include "app/cli/csv_log.h"

#include <QtTest>

#include <limits>

using namespace layerscope;

class tst_CsvLog : public QObject
{
    Q_OBJECT

private slots:
    /// The expected text is what csv.excel and keras.callbacks.CSVLogger write for these numbers.
    void writesWhatCsvLoggerWrites()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath("log.csv");
        {
            auto log = cli::CsvLog::create(path.toStdString());
            QVERIFY(log);
            training::EpochReport epoch;
            epoch.metrics = { { "loss", 1.0517634153366089 }, { "accuracy", 0.4583333432674408 },
                { "val_loss", 1 } };
            QVERIFY(log->add(epoch));
            epoch.epoch = 1;
            epoch.metrics = { { "loss", std::numeric_limits<double>::quiet_NaN() },
                { "accuracy", 1e-7 }, { "val_loss", -std::numeric_limits<double>::infinity() } };
            QVERIFY(log->add(epoch));
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(),
            QByteArray("epoch,accuracy,loss,val_loss\r\n0,0.4583333432674408,1.0517634153366089,1."
                       "0\r\n1,1e-07,nan,-inf\r\n"));
    }

    void saysWhenTheFolderIsMissing()
    {
        const auto log = cli::CsvLog::create("/nonexistent/log.csv");
        QVERIFY(!log);
        QCOMPARE(log.error().kind(), ErrorKind::NotWritable);
    }
};

QTEST_GUILESS_MAIN(tst_CsvLog)
#include "tst_csv_log.moc"
